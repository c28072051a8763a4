import * as assert from 'uvu/assert'
import { expandHosts, expandPlaybook } from '../../lib/decide/expand.js'
import type { Become } from '../../lib/model/become.js'
import type { Inventory } from '../../lib/model/inventory.js'
import { readAnsibleConfig } from '../../lib/read/ansible-config.js'
import { decode } from '../../lib/read/codec.js'
import { readInventory } from '../../lib/read/inventory.js'
import { hostPattern } from '../../lib/read/pattern.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, playbookOf, right } from '../helpers/written.js'

describe('as whom a service runs', test => {
  test('is the login where nobody says otherwise', () => {
    assert.equal(identities({}), { app: null, look: null })
    assert.equal(identities({ host: 'ansible_become_user: tomcat' }), { app: null, look: null })
  })

  test('is what the service says, else the host, else the play', () => {
    const play = 'become: true, become_user: by_play, become_method: su'
    const host = 'ansible_become: true, ansible_become_user: by_host, ansible_become_method: doas'
    const service = 'become: true, become_user: by_service, become_method: sudo'
    assert.is(identities({ play }).app, 'su by_play')
    assert.is(identities({ play, host }).app, 'doas by_host')
    assert.is(identities({ play, host, service }).app, 'sudo by_service')
    assert.is(identities({ play, host: 'ansible_become: false' }).app, null)
    assert.is(identities({ host, service: 'become: false' }).app, null)
  })

  test('is put together from all three', () => {
    const parts = {
      play: 'become: true',
      host: 'ansible_become_method: doas',
      service: 'become: true, become_user: "{{ u }}x"',
    }
    assert.is(identities(parts).app, 'doas tomcatx')
  })

  test('is root by sudo where only become is said', () => {
    assert.is(identities({ play: 'become: true' }).app, 'sudo root')
  })
})

describe('what ansible.cfg says of becoming somebody', test => {
  const config = 'become = True\nbecome_user = by_config\nbecome_method = ansible.builtin.doas'

  test('counts less than host, play and service, each key by itself', () => {
    assert.equal(identities({ config }), { app: 'doas by_config', look: 'doas by_config' })
    assert.is(identities({ config, play: 'become: true, become_user: by_play' }).app, 'doas by_play')
    assert.is(identities({ config, host: 'ansible_become_method: su' }).app, 'su by_config')
    for (const one of [{ play: 'become: false' }, { host: 'ansible_become: false' }, { service: 'become: false' }])
      assert.equal(identities({ config, ...one }), { app: null, look: null })
    assert.is(identities({ config: 'become_user = by_config', play: 'become: true' }).app, 'sudo by_config')
  })

  test('counts for hosts without services too', () => {
    const inventory = inventoryWith('', config)
    const { lookAs } = right(expandHosts(right(decode(hostPattern, right(parseYaml('f', 'h')))), inventory))
    assert.is(words([...lookAs.values()][0]), 'doas by_config')
  })

  test('is refused where it names nobody', () =>
    assert.match(
      complaintsOf({ config: 'become = yes\nbecome_user = -x' }),
      /^ansible.cfg:3:1: expected a user's name/,
    ))
})

describe('as whom a host is looked at', test => {
  test('is root if any service becomes root, as root sees everything', () => {
    assert.is(identities({ service: 'become: true, become_user: a', other: 'become: true' }).look, 'sudo root')
  })

  test('is the only one there is', () => {
    assert.is(
      identities({ service: 'become: true, become_user: a', other: 'become: true, become_user: a' }).look,
      'sudo a',
    )
  })

  test('is whom the host names where its services differ, else the login', () => {
    const differing = { service: 'become: true, become_user: a', other: 'become: true, become_user: b' }
    assert.is(identities(differing).look, null)
    assert.is(identities({ ...differing, host: 'ansible_become: true, ansible_become_user: h' }).look, 'sudo h')
  })
})

describe('a password in the inventory', test => {
  test('goes with the identity and shows nowhere', () => {
    const { services, lookAs } = expansion({ host: 'ansible_become: true, ansible_become_password: "{{ p }}"' })
    const [become] = services.map(service => service.become)
    assert.is(become?.password?.reveal(), 'open sesame')
    assert.not.match(`${JSON.stringify([services, [...lookAs]])} ${String(become?.password)}`, /sesame/)
  })

  test('may be made of another, and stays shut where nobody is become', () => {
    const chain =
      'ansible_become_password: "{{ ansible_ssh_pass }}", ansible_ssh_pass: "{{ q }}x", q: "{{ p | upper }}"'
    const [service] = expansion({ host: `ansible_become: true, ${chain}` }).services
    assert.is(service?.become?.password?.reveal(), 'OPEN SESAMEx')
    assert.equal(complaints(expand({ host: 'ansible_become_password: "{{ nowhere }}"' })), [])
  })
})

describe('what stands where others see it', test => {
  const said = (service: string, host = 'ansible_become_pass: open, w: "{{ ansible_become_pass }}"') =>
    complaintsOf({ service, host: `ansible_become: true, ${host}` })
  const refused = /the variable "ansible_(become|ssh)_pass" is a secret, and what stands here is shown/

  test('is not made of a password, whatever is made of it and however far away it is', () => {
    for (const text of [
      '{{ ansible_become_pass }}',
      'x{{ ansible_become_pass | upper }}',
      "{{ 'a' ~ (ansible_become_pass | default('b')) }}",
      "{{ [ansible_become_pass] | join('') | length }}",
      '{{ w }}',
    ]) {
      for (const key of ['start', 'log']) assert.match(said(`${key}: ${JSON.stringify(text)}`), refused, text)
      assert.match(said(`become: true, become_user: ${JSON.stringify(text)}`), refused, text)
    }
  })

  test('is not either where a password was made of it before', () => {
    const host = 'ansible_become_pass: "{{ w }}", w: "{{ ansible_ssh_pass }}", ansible_ssh_pass: open'
    assert.match(said('start: "{{ w }}", log: "/{{ w }}"', host), refused)
  })

  test('may be made of what is no password', () => assert.is(said('start: "{{ u }} {{ p }}"'), ''))
})

describe('whether to become', test => {
  test('is said by the words that Ansible knows', () => {
    for (const yes of ['yes', '"yes"', '"True"', 'on', '"1"'])
      assert.is(identities({ host: `ansible_become: ${yes}` }).app, 'sudo root', yes)
    for (const no of ['no', '"no"', 'False', '"off"', '0'])
      assert.is(identities({ host: `ansible_become: ${no}`, play: 'become: true' }).app, null, no)
  })
})

type Parts = Readonly<{ config?: string; host?: string; play?: string; service?: string; other?: string }>

const inventoryWith = (host: string, config: string): Inventory => {
  const variables = `u: tomcat, p: open sesame${host === '' ? '' : `, ${host}`}`
  const file = { path: 'ansible.cfg', text: `[privilege_escalation]\n${config}`, folder: '/cfg' }
  const { become } = right(readAnsibleConfig({ file, environment: {}, cwd: '/work', home: '/me' }))
  const files = filesOf({ 'hosts.yml': `all: { vars: { ${variables} }, hosts: { h: } }` })
  return { ...right(readInventory(files, 'hosts.yml', '/shipped')), become }
}

const expand = ({ config = '', host = '', play = '', service = '', other }: Parts) => {
  const entry = (keys: string) =>
    `{ hosts: all, script: /init, processes: { p: { args: [x] } }${keys === '' ? '' : `, ${keys}`} }`
  const playbook = playbookOf({
    'c.yml': `services: { app: ${entry(service)}${other === undefined ? '' : `, other: ${entry(other)}`} }`,
    'play.yml': `- { hosts: all, catalog: c.yml, services: { app: running${other === undefined ? '' : ', other: running'} }${play === '' ? '' : `, ${play}`} }`,
  })
  return expandPlaybook(playbook, inventoryWith(host, config), null)
}

const complaintsOf = (parts: Parts): string => complaints(expand(parts)).join('\n')

const expansion = (parts: Parts) => {
  const { plays, lookAs } = right(expand(parts))
  return { services: plays.flatMap(({ desired }) => desired.map(one => one.service)), lookAs }
}

const identities = (parts: Parts): Readonly<{ app: string | null; look: string | null }> => {
  const { services, lookAs } = expansion(parts)
  return { app: words(services[0]?.become), look: words([...lookAs.values()][0]) }
}

const words = (become: Become | null | undefined): string | null =>
  become === null || become === undefined ? null : `${become.method} ${become.user}`
