import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { expandCatalog } from '../../../lib/decide/expand.js'
import { type Scope, scopeOf, surroundingsOf } from '../../../lib/decide/expression/scope.js'
import { findHost, hostBookOf } from '../../../lib/decide/hosts.js'
import { valueOfTemplate } from '../../../lib/decide/variables.js'
import type { Inventory } from '../../../lib/model/inventory.js'
import type { HostName } from '../../../lib/model/names.js'
import { Secret } from '../../../lib/model/secret.js'
import { jsonOf, type Value } from '../../../lib/model/value.js'
import { readInventory } from '../../../lib/read/inventory.js'
import { readCatalogs } from '../../../lib/read/playbook.js'
import { parseTemplate } from '../../../lib/read/template.js'
import { vaultWith } from '../../../lib/read/vault.js'
import { sealText } from '../../../lib/read/vault-cipher.js'
import { describe } from '../../helpers/test.js'
import { complaintOf, complaints, filesOf, inventoryOf, right } from '../../helpers/written.js'
import { whyNoAnsible } from '../../lab/packages.js'

describe('hostvars', test => {
  test(
    'holds of every host what Ansible says of it',
    () => {
      const hosts = estate()
      const names = ['web1', 'web2', 'db1']
      const theirs = byAnsible(names)
      const ours = names.map(name => expressions.map(text => jsonOf(worth(text, hosts, name))))
      for (const [i, text] of expressions.entries()) {
        for (const [k, name] of names.entries()) assert.is(ours[k]?.[i], theirs[k]?.[i], `${text} on ${name}`)
      }
    },
    { skip: whyNoAnsible(), timeoutMs: 60_000 },
  )

  test('is made of the variables of that host, also where these are made of others', () => {
    const hosts = inventoryOf(
      'all: { vars: { url: "{{ inventory_hostname }}:{{ port }}" }, hosts: { a: { port: 1, over: "{{ hostvars.b.url }}" }, b: { port: 2 } } }',
    )
    assert.is(worth('hostvars.b.url', hosts, 'a'), 'b:2')
    assert.is(worth('hostvars.a.over', hosts, 'b'), 'b:2')
  })

  test('has a place for what is not there, and the name that was meant', () => {
    const hosts = estate()
    const said = (text: string) => complaintOf(outcome(text, scopeIn(hosts, 'web1')))
    assert.is(said('hostvars.db1.prot'), 'f:3:20: the variable "prot" is not defined for db1; did you mean "port"?')
    assert.match(said("hostvars['db2'].port"), /^f:3:16: unknown host in hostvars "db2"; did you mean "db1"\?/)
    assert.is(worth("hostvars['db2'].port | default('none')", hosts, 'web1'), 'none')
  })

  test('is never made of itself: the circle is named with its hosts, and where it begins', () => {
    const hosts = inventoryOf(
      'all: { hosts: { a: { x: "{{ hostvars.b.y }}" }, b: { y: "{{ z }}", z: "{{ hostvars.c.x }}" }, c: { x: "{{ hostvars[\'a\'].x }}" } } }',
    )
    for (const text of ['x', 'hostvars.b.z', 'hostvars.c.x']) {
      const said = complaintOf(outcome(text, scopeIn(hosts, 'a')))
      assert.match(said, /^hosts.yml:1:\d+: these variables form a circle: x of a → y of b → z of b → x of c → x of a$/)
    }
    assert.match(complaintOf(outcome('hostvars | to_json', scopeIn(hosts, 'a'))), 'form a circle')
  })

  test('opens the variables of no host but the one that is named', () => {
    const hosts = estate()
    const opened: string[] = []
    const watched = new Map(
      [...hosts.hosts].map(([name, host]) => {
        const watch = {
          ...host,
          get variables() {
            opened.push(name)
            return host.variables
          },
        }
        return [name, watch] as const
      }),
    )
    const scope = scopeIn({ ...hosts, hosts: watched }, 'web1')
    opened.length = 0
    right(outcome("hostvars['db1'].port ~ hostvars | length ~ ('web2' in hostvars)", scope))
    assert.equal([...new Set(opened)], ['db1'])
  })

  test('is not worked out as a whole where that takes too long', () => {
    const hosts = Array.from({ length: 4_000 }, (_, i) => `h${i}:`).join(', ')
    const vars = Array.from({ length: 30 }, (_, i) => `v${i}: 1`).join(', ')
    const many = inventoryOf(`all: { vars: { ${vars} }, hosts: { ${hosts} } }`)
    assert.match(complaintOf(outcome('hostvars | to_json', scopeIn(many, 'h0'))), 'takes more than 100000 steps')
  })

  test('keeps the secrets of another host secret, whoever asked for them first', () => {
    const key = { id: 'default', password: new Secret('p') }
    const sealed = sealText(Buffer.from('open-sesame'), key.password, null).replaceAll('\n', '\n        ')
    const text = `all:\n  hosts:\n    a: { other: b }\n    b:\n      other: b\n      token: !vault |\n        ${sealed}\n`
    const files = { ...filesOf({ 'hosts.yml': text, 'c.yml': catalog }), vault: vaultWith([key]) }
    const inventory = right(readInventory(files, 'hosts.yml', '/shipped'))
    const { plays, redactions = [] } = right(expandCatalog(right(readCatalogs(files, ['c.yml'])), inventory, null))
    assert.equal(
      plays[0]?.prerequisites.map(({ start }) => start),
      ['run aOPEN-SESAME', 'run bOPEN-SESAME'],
    )
    const hidden = redactions.map(({ text }) => text)
    for (const text of ['open-sesame', 'aOPEN-SESAME', 'bOPEN-SESAME']) assert.ok(hidden.includes(text), text)
  })

  test('gives away no password', () => {
    const hosts = inventoryOf('all: { hosts: { a: , b: { ansible_become_password: sesame, ansible_port: 1 } } }')
    const said = complaintOf(outcome('hostvars.b.ansible_become_password', scopeIn(hosts, 'a')))
    assert.match(said, /^f:3:\d+: the variable "ansible_become_password" is a secret/)
    assert.match(complaintOf(outcome('hostvars.b | to_json', scopeIn(hosts, 'a'))), 'is a secret')
    const made = inventoryOf(
      'all: { hosts: { a: { ansible_become: true, ansible_become_password: "{{ hostvars.b.ansible_become_password }}" }, b: { ansible_become_password: sesame } } }',
    )
    const { lookAs } = right(expandCatalog(right(readCatalogs(filesOf({ c: plain }), ['c'])), made, null))
    assert.is(lookAs.get('a' as HostName)?.password?.reveal(), 'sesame')
    const circle = inventoryOf(
      'all: { hosts: { a: { ansible_become: true, ansible_become_password: "{{ hostvars.a.ansible_become_password }}" } } }',
    )
    const refused = complaints(expandCatalog(right(readCatalogs(filesOf({ c: plain }), ['c'])), circle, null))
    assert.match(refused.join(), 'form a circle')
  })
})

const catalog = `services: { app: { hosts: all, start: "run {{ inventory_hostname ~ (hostvars[other].token | upper) }}", processes: { p: { args: [x] } } } }`
const plain = 'services: { app: { hosts: all, processes: { p: { args: [x] } } } }'

const written = `
all:
  vars: { domain: example.org, port: 80 }
  children:
    web:
      vars: { tier: front }
      hosts:
        web1: { port: 8081, ansible_host: 192.0.2.1, url: "http://{{ inventory_hostname }}:{{ port }}" }
        web2: { url: "{{ inventory_hostname_short }}.{{ domain }}" }
    db:
      hosts:
        db1: { ansible_host: 192.0.2.9, peers: [a, b], more: { deep: { port: 5432 } } }
`
const estate = () => inventoryOf(written)

const expressions = [
  "hostvars['web1'].port",
  'hostvars.web1.port + hostvars.db1.port',
  "hostvars[groups['db'][0]]['ansible_host']",
  "hostvars['web1'].url",
  'hostvars.web2.url',
  'hostvars[inventory_hostname].port',
  'hostvars[inventory_hostname].inventory_hostname',
  'hostvars.db1.more.deep.port',
  'hostvars.db1.peers[-1]',
  'hostvars.web2.group_names',
  'hostvars.web2.groups.web',
  'hostvars | list',
  'hostvars | length',
  "'web2' in hostvars",
  "'none' in hostvars",
  "'port' in hostvars.web1",
  "'hostvars' in hostvars.web1",
  'hostvars.none is defined',
  'hostvars.web1.none is defined',
  'hostvars.web1.tier is defined and hostvars.db1.tier is not defined',
  "hostvars.none.deep.er | default('n')",
  "groups.web | map('extract', hostvars, 'port') | list",
  "groups.all | map('extract', hostvars) | map(attribute='port') | sum",
  "groups.all | map('extract', hostvars) | selectattr('tier', 'defined') | map(attribute='inventory_hostname') | list",
  "groups['db'] | map('extract', hostvars, ['more', 'deep', 'port']) | first",
  'groups | list | sort',
  'groups.none | default([]) | length',
  'groups.web[1]',
  "'localhost' in hostvars",
  'hostvars.localhost.inventory_hostname',
  'hostvars.localhost.port',
]

const at = { file: 'f', line: 3, column: 4 }

const scopeIn = (inventory: Inventory, name: string): Scope => {
  const host = findHost(name as HostName, inventory)
  if (host === undefined) throw new Error('there is no such host')
  return scopeOf(host, surroundingsOf(hostBookOf(inventory)))
}

const outcome = (expression: string, scope: Scope) => {
  const template = parseTemplate(`{{ ${expression} }}`, { at, textAt: at })
  return E.isLeft(template) ? template : valueOfTemplate(template.right, scope)
}

const worth = (expression: string, inventory: Inventory, name: string): Value =>
  right(outcome(expression, scopeIn(inventory, name)))

/** All in one playbook: the values as JSON, by host. */
const byAnsible = (hosts: readonly string[]): readonly (readonly string[])[] => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-'))
  try {
    writeFileSync(join(folder, 'hosts.yml'), written)
    const msg = expressions.map(text => `={{ (${text}) | to_json }}`)
    const play = { hosts: 'all', gather_facts: false, tasks: [{ debug: { msg } }] }
    writeFileSync(join(folder, 'play.yml'), JSON.stringify([play]))
    const env = { PATH: '/usr/bin:/bin', HOME: folder, ANSIBLE_STDOUT_CALLBACK: 'oneline', LC_ALL: 'C.UTF-8' }
    const args = ['-i', 'hosts.yml', 'play.yml']
    const { stdout, stderr } = spawnSync('/usr/bin/ansible-playbook', args, { cwd: folder, env, encoding: 'utf8' })
    return hosts.map(name => {
      const line = stdout.split('\n').find(line => line.startsWith(`${name} | SUCCESS => `))
      if (line === undefined) throw new Error(stdout + stderr)
      const answer: { msg: readonly string[] } = JSON.parse(line.replace(/^.*? => /, ''))
      return answer.msg.map(text => text.slice(1))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
