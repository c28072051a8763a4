import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { startAt } from '../../lib/decide/start-at.js'
import type { Expansion } from '../../lib/model/playbook.js'
import { problemLines } from '../../lib/report/problems.js'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'

const built = estate(
  `
services:
  db: { hosts: db, script: /init/db, processes: { main: { args: [db] } } }
  web: { hosts: web, requires: db, script: /init/web, processes: { main: { args: [web] } } }
  old: { hosts: old, script: /init/old, processes: { main: { args: [old] } } }
`,
  'all: { children: { web: { hosts: { w1: , w2: , w3: } }, db: { hosts: { d1: } }, old: { hosts: { o1: } } } }',
)
const expansion = built.expand(`
- { name: Retire, hosts: all, catalog: catalog.yml, services: { old: stopped } }
- { name: Data, hosts: all, catalog: catalog.yml, services: { db: running } }
- { name: Web, hosts: all, catalog: catalog.yml, services: { web: running }, serial: 1 }
- { name: Web again, hosts: w1, catalog: catalog.yml, services: { web: running } }
`)

/** `Web 2/3: web@w2; looks at db@d1`, and the hosts that are connected to. */
const from = (word: string): readonly string[] => {
  const begun = startAt(expansion, word)
  if (E.isLeft(begun)) return problemLines(begun.left)
  const { plays, routes }: Expansion = begun.right
  return [
    ...plays.map(({ name, part, desired, prerequisites }) => {
      const batch = part === undefined || part.batch.of === 1 ? '' : ` ${part.batch.number}/${part.batch.of}`
      const looks = prerequisites.map(one => `${one.name}@${one.host}`).join(' ')
      return `${name}${batch}: ${desired.map(({ service: one }) => `${one.name}@${one.host}`)}; looks at ${looks}`
    }),
    [...routes.keys()].join(' '),
  ]
}

const web = ['Web 1/3: web@w1; looks at db@d1', 'Web 2/3: web@w2; looks at db@d1', 'Web 3/3: web@w3; looks at db@d1']
const again = 'Web again: web@w1; looks at db@d1'

describe('a run that begins in the middle of its playbook', test => {
  test('leaves out the plays before, and only looks at what they were required for', () => {
    assert.equal(from('Web'), [...web, again, 'w1 w2 w3 d1'])
    assert.equal(from('Data'), ['Data: db@d1; looks at ', ...web, again, 'w1 w2 w3 d1'])
  })

  test('takes a glob, as Ansible does, and a whole name before one', () => {
    assert.equal(from('Web*'), from('Web'))
    assert.equal(from('*again'), [again, 'w1 d1'])
  })

  test('begins with the first batch of a host', () => {
    assert.equal(from('w2'), [...web.slice(1), again, 'w1 w2 w3 d1'])
    assert.equal(from('o1').length, 7)
  })

  test('has batches come after none that are left out', () => {
    const both = built.expand(
      '- { name: All, hosts: "db:web", catalog: catalog.yml, services: { db: running, web: running }, serial: 1 }',
    )
    const earlier = (word: string) => {
      const begun = startAt(both, word)
      return E.isLeft(begun) ? null : begun.right.plays.map(({ part }) => part?.earlier.length)
    }
    assert.equal(earlier('d1'), [0, 1, 1, 1])
    assert.equal(earlier('w1'), [0, 0, 0])
  })

  test('still counts instances on hosts that are left out', () => {
    const counted = built.expand(
      '- { name: Web, hosts: web, catalog: catalog.yml, services: { web: running }, serial: 1, max_unavailable: 1 }',
    )
    const begun = startAt(counted, 'w3')
    assert.equal(E.isLeft(begun) ? [] : [...begun.right.routes.keys()], ['w1', 'w2', 'w3', 'd1'])
  })

  test('says what was probably meant', () => {
    const known = 'known are Retire, Data, Web, Web again, o1, d1, w1, w2, w3'
    assert.equal(from('Wen'), [`--start-at:1:1: unknown play or host "Wen"; did you mean "Web"?; ${known}`])
  })
})
