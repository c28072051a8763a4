import * as assert from 'uvu/assert'
import { scopeOf } from '../../lib/decide/expression/scope.js'
import { routeOf } from '../../lib/decide/route.js'
import { unhonouredBy } from '../../lib/decide/unhonoured.js'
import type { Host } from '../../lib/model/inventory.js'
import { describe } from '../helpers/test.js'
import { complaints, inventoryOf, right } from '../helpers/written.js'

describe('the way to a host', test => {
  test('is SSH to its name, the rest as ssh has it, unless it is said otherwise', () => {
    assert.equal(routeTo('{}'), { _tag: 'Ssh', address: 'h', port: null, user: null, keyFile: null })
  })

  test('is what its variables say', () => {
    const key = '/keys/{{ inventory_hostname }}'
    const host = `{ ansible_host: 10.0.0.1, ansible_port: 2222, ansible_user: ops, ansible_ssh_private_key_file: "${key}" }`
    assert.equal(routeTo(host), { _tag: 'Ssh', address: '10.0.0.1', port: 2222, user: 'ops', keyFile: '/keys/h' })
  })

  test('is none for this machine', () => assert.equal(routeTo('{ ansible_connection: local }'), { _tag: 'Local' }))

  test('may be an IPv6 address with its zone', () => {
    assert.equal(routeTo('{ ansible_host: "fe80::1%eth0" }'), { ...routeTo('{}'), address: 'fe80::1%eth0' })
  })

  test('is never an option of ssh, a path, or several words', () => {
    for (const address of ['-oProxyCommand=x', '../x', 'a b', 'a;b', '$(x)', 'a@b', '']) {
      assert.equal(mistakes(`{ ansible_host: "${address}" }`), [
        `hosts.yml:1:36: expected an address or a name in ansible_host, found "${address}" on h`,
      ])
    }
  })

  test('may have a password, which is shown nowhere', () => {
    const passwordIn = (variables: string) => {
      const route = routeTo(variables)
      assert.not.match(JSON.stringify(route), 'canary')
      return route._tag === 'Ssh' ? route.password?.reveal() : null
    }
    for (const name of ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'])
      assert.is(passwordIn(`{ ${name}: canary }`), 'canary')
    assert.is(passwordIn('{ ansible_password: other, ansible_ssh_pass: "{{ x }}", x: canary }'), 'canary')
    assert.is(passwordIn('{ ansible_password: "" }'), undefined)
  })

  test('has no password that YAML may have changed', () => {
    assert.equal(mistakes('{ ansible_password: 0123 }'), [
      'hosts.yml:1:40: expected text in quotes in ansible_password, found a number on h',
    ])
    assert.is(mistakes('{ ansible_ssh_pass: true }').length, 1)
    assert.is(mistakes('{ ansible_ssh_pass: [a] }').length, 1)
    assert.is(mistakes('{ ansible_ssh_pass: "a\\nb" }').length, 1)
  })

  test('is not made unsafe by the inventory: that is said', () => {
    const warned = (variables: string) =>
      unhonouredBy(scopeOf(hostOf(variables)), true).map(({ at, what }) => [at.column, what.split(' ')[0]])
    const [name, other] = ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']
    for (const no of ['false', 'False', 'no', '"off"', '0', '"{{ x }}"'])
      assert.equal(warned(`{ ${name}: ${no}, x: n }`), [[49, name]], no)
    assert.equal(warned(`{ ${other}: false }`), [[53, other]])
    for (const yes of ['true', '"yes"', '1']) assert.equal(warned(`{ ${name}: ${yes} }`), [], yes)
  })

  test('is not silent on how somebody is become there', () => {
    const warned = (variables: string) =>
      unhonouredBy(scopeOf(hostOf(variables)), false).map(({ at, what }) => [at.column, what])
    assert.equal(warned('{ ansible_become_flags: -i }'), [
      [44, 'ansible_become_flags is not heeded: sudo, doas and su are called by their names, with options of our own'],
    ])
    for (const name of ['become_exe', 'sudo_exe', 'sudo_flags', 'doas_user', 'su_pass'])
      assert.is(warned(`{ ansible_${name}: x }`).length, 1, name)
    assert.equal(warned('{ ansible_become_user: x, ansible_whatever: 1, ansible_host_key_checking: false }'), [])
  })

  test('has a port that there is', () => {
    for (const port of ['0', '65536', '-1', '22.5', 'ssh', '"22 "'])
      assert.is(mistakes(`{ ansible_port: ${port} }`).length, 1, port)
    for (const port of ['1', '65535', '"22"', '0x16']) assert.equal(mistakes(`{ ansible_port: ${port} }`), [], port)
  })

  test('is told all its mistakes at once, each at its variable', () => {
    const lines = mistakes(
      '{ ansible_connection: telnet, ansible_port: 0, ansible_host: [x], ansible_user: "{{ nobody }}" }',
    )
    assert.equal(lines, [
      'hosts.yml:1:42: expected local, ssh or ssh-cli in ansible_connection, found "telnet" on h',
      'hosts.yml:1:64: expected a port (1 to 65535) in ansible_port, found "0" on h',
      'hosts.yml:1:81: expected text or a number in ansible_host, found a list on h',
      'hosts.yml:1:104: the variable "nobody" is not defined for h',
    ])
  })
})

const hostOf = (variables: string): Host => {
  const [host] = inventoryOf(`all: { hosts: { h: ${variables} } }`).hosts.values()
  if (host === undefined) throw new Error('there is no host')
  return host
}
const routeTo = (variables: string) => right(routeOf(hostOf(variables)))
const mistakes = (variables: string) => complaints(routeOf(hostOf(variables)))
