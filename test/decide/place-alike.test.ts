import * as assert from 'uvu/assert'
import type { HostService } from '../../lib/model/catalog.js'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'

const inventory = `
all:
  vars: { root: /srv, area: "eu-{{ stage }}", stage: live }
  hosts:
    a: {}
    b: {}
    other_root: { root: /opt }
    other_stage: { stage: test }
    only_here: { extra: more }
    secret: { ansible_become_password: quiet-please }
`

const placed = (keys: string): ReadonlyMap<string, HostService> => {
  const { expand } = estate(`services: { app: { hosts: all, ${keys} } }`, inventory)
  const { plays } = expand('- { hosts: all, catalog: catalog.yml, services: { app: running } }')
  return new Map(plays.flatMap(({ desired }) => desired.map(({ service }) => [service.host, service] as const)))
}

const scriptsOf = (services: ReadonlyMap<string, HostService>): Record<string, string> =>
  Object.fromEntries([...services].map(([host, { scripts }]) => [host, scripts.join(' ')]))

describe('a service on many hosts', test => {
  test('is one object but for the host where all that it asks for is the same', () => {
    const services = placed('script: "{{ root }}/start", processes: { main: { args: ["{{ area }}"] } }')
    const [a, b] = [services.get('a'), services.get('b')]
    assert.is(a?.processes, b?.processes)
    assert.is(a?.scripts, services.get('only_here')?.scripts)
    assert.is.not(a?.processes, services.get('other_stage')?.processes)
    assert.equal([a?.host, b?.host], ['a', 'b'])
  })

  test('has on each host that host’s own values, also by way of other variables and where one is not there', () => {
    const services = placed(
      'script: "{{ root }}/{{ area }}/{{ extra | default(\'none\') }}", processes: { m: { args: [x] } }',
    )
    assert.equal(scriptsOf(services), {
      a: '/srv/eu-live/none',
      b: '/srv/eu-live/none',
      other_root: '/opt/eu-live/none',
      other_stage: '/srv/eu-test/none',
      only_here: '/srv/eu-live/more',
      secret: '/srv/eu-live/none',
    })
  })

  test('has its own name on every host, however many there are', () => {
    const services = placed(
      'script: "/{{ inventory_hostname }}/{{ hostvars[inventory_hostname].root }}", processes: { m: { args: [x] } }',
    )
    assert.equal(
      Object.entries(scriptsOf(services)).map(([host, script]) => script.startsWith(`/${host}/`)),
      [true, true, true, true, true, true],
    )
    assert.is(services.get('other_root')?.scripts[0], '/other_root//opt')
  })

  test('is become with the password of its host', () => {
    const services = placed('become: true, script: /x, processes: { main: { args: [x] } }')
    assert.is(services.get('a')?.become?.password, null)
    assert.is(services.get('secret')?.become?.password?.reveal(), 'quiet-please')
  })
})
