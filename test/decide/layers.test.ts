import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { expandCatalog, expandPlaybook } from '../../lib/decide/expand.js'
import { readExtraVars } from '../../lib/read/extra-vars.js'
import { readCatalogs } from '../../lib/read/playbook.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, inventoryOf, playbookOf, right } from '../helpers/written.js'

describe('a variable', test => {
  test('is as the innermost place that sets it says, in the order of Ansible', () => {
    const places: Partial<Written> = {}
    for (const [place, text] of Object.entries(settings)) {
      Object.assign(places, { [place]: text })
      assert.is(startOf(places), place)
    }
  })

  test('that a service falls back on may be made of what the inventory says', () =>
    assert.is(startOf({ defaults: 'v: "{{ base }}/x"', group: 'base: /srv' }), '/srv/x'))

  test('of the command line holds for the way to a host too', () => {
    const expansion = right(expandPlaybook(book({}), { ...inventoryOf(hosts({})), extra: new Map() }, null))
    assert.equal(
      [...expansion.routes.values()].map(route => route._tag),
      ['Ssh'],
    )
  })

  test('is known where services are only looked at', () => {
    const catalog = right(
      readCatalogs(filesOf({ 'c.yml': catalogWith({ defaults: 'v: d', service: 'w: s' }) }), ['c.yml']),
    )
    const expansion = right(expandCatalog(catalog, inventoryOf(hosts({ host: 'v: h' })), null))
    assert.is(expansion.plays[0]?.prerequisites[0]?.start, 'h')
  })
})

describe('a wish with a condition', test => {
  test('is one for the hosts where all of it holds', () => {
    assert.equal(hostsWhere("stage == 'live'"), ['a', 'b'])
    assert.equal(hostsWhere("[stage == 'live', number > 1]"), ['b'])
    assert.equal(hostsWhere('"number is defined and inventory_hostname != \'a\'"'), ['b'])
    assert.equal(hostsWhere('true'), ['a', 'b', 'c'])
  })

  test('looks no further than the first part that does not hold', () =>
    assert.equal(hostsWhere('[number is defined, number > 1]'), ['b']))

  test('has to be true or false', () => {
    const said = (when: string) => complaints(expandPlaybook(wishWith(when), three, null))
    assert.equal(said('stage'), [
      'play.yml:1:74: expected true or false, found text in stage (the filter bool makes it that) on a',
    ])
    assert.equal(said('stge == 1'), ['play.yml:1:74: the variable "stge" is not defined for a; did you mean "stage"?'])
  })
})

type Place = 'defaults' | 'group' | 'host' | 'play' | 'file' | 'service' | 'wish' | 'extra'
type Written = Record<Place, string>

/** From what gives way to what wins. */
const settings: Written = {
  defaults: 'v: defaults',
  group: 'v: group',
  host: 'v: host',
  play: 'v: play',
  file: 'v: file',
  service: 'v: service',
  wish: 'v: wish',
  extra: 'v=extra',
}

const hosts = ({ group = '', host = '' }: Partial<Written>): string =>
  `all: { vars: { ${group} }, hosts: { h: { ${host} } } }`

const catalogWith = ({ defaults = '', service = '' }: Partial<Written>): string =>
  `services: { app: { hosts: all, start: "{{ v }}", defaults: { ${defaults} }, vars: { ${service} }, processes: { p: { args: [x] } } } }`

const book = (written: Partial<Written>) => {
  const { play = '', file = '', wish = '' } = written
  return playbookOf({
    'play.yml': `- { hosts: all, catalog: c.yml, vars: { ${play} }, vars_files: v.yml, services: { app: { state: running, vars: { ${wish} } } } }`,
    'c.yml': catalogWith({ defaults: 'v: d', ...written }),
    'v.yml': `{ ${file} }`,
  })
}

const startOf = (written: Partial<Written>): string | null | undefined => {
  const { extra } = written
  const variables = extra === undefined ? new Map() : right(readExtraVars(filesOf({}), [extra]))
  const expansion = right(expandPlaybook(book(written), { ...inventoryOf(hosts(written)), extra: variables }, null))
  return expansion.plays[0]?.desired[0]?.service.start
}

const three = inventoryOf(
  'all: { hosts: { a: { stage: live, number: 1 }, b: { stage: live, number: 2 }, c: { stage: test } } }',
)

const wishWith = (when: string) =>
  playbookOf({
    'play.yml': `- { hosts: all, catalog: c.yml, services: { app: { state: running, when: ${when} } } }`,
    'c.yml': 'services: { app: { hosts: all, start: x, processes: { p: { args: [x] } } } }',
  })

const hostsWhere = (when: string): readonly string[] => {
  const expansion = expandPlaybook(wishWith(when), three, null)
  if (E.isLeft(expansion)) throw new Error(complaints(expansion).join('\n'))
  return expansion.right.plays[0]?.desired.map(({ service }) => service.host) ?? []
}
