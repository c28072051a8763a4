import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { expandCatalog } from '../../lib/decide/expand.js'
import { Secret } from '../../lib/model/secret.js'
import type { Variable } from '../../lib/model/template.js'
import { readCatalogs } from '../../lib/read/playbook.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, inventoryOf, right } from '../helpers/written.js'
import { whyNoAnsible } from '../lab/packages.js'
import { inFolder } from '../remote/scripts.js'

const inventory = `all:
  children:
    web: { hosts: { w1: , w2: }, vars: { port: "{{ base + 1 }}", url: "http://{{ inventory_hostname }}:{{ port }}" } }
    db: { hosts: { d1: { ansible_host: 10.0.0.9 } }, vars: { back: "{{ hostvars['w2'].url }}" } }
  vars: { base: 8000, around: "{{ hostvars['w1'].back_again }}", back_again: "{{ hostvars['d1'].around }}" }
`

const expand = (command: string) => {
  const text = `services: { app: { hosts: w1, start: ${JSON.stringify(command)}, processes: { p: { args: [x] } } } }`
  return expandCatalog(right(readCatalogs(filesOf({ 'c.yml': text }), ['c.yml'])), inventoryOf(inventory), null)
}
const start = (command: string) => right(expand(command)).plays[0]?.prerequisites[0]?.start
const mistakes = (command: string) => complaints(expand(command)).join('\n')

const expressions = [
  "{{ hostvars['w2'].url }}",
  "{{ hostvars['w2']['url'] }}",
  '{{ hostvars.w2.port }}',
  "{{ hostvars[groups['db'][0]].ansible_host }}",
  '{{ hostvars[inventory_hostname].port }}',
  "{{ 'yes' if hostvars['d1'].port is defined else 'no' }}",
  "{{ hostvars['d1'].port | default('none') }}",
  "{{ hostvars['d1'].group_names[0] }}",
] as const

/** As Ansible has them on w1. */
const inAnsible = (folder: string): readonly string[] => {
  writeFileSync(`${folder}/hosts.yml`, inventory)
  const args = ['w1', '-i', `${folder}/hosts.yml`, '-c', 'local', '-m', 'debug', '-a']
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LANG: 'C.UTF-8',
  }
  const said = execFileSync('ansible', [...args, `msg=${JSON.stringify(expressions.join('|'))}`], {
    env,
    encoding: 'utf8',
  })
  return JSON.parse(said.slice(said.indexOf('{'))).msg.split('|')
}

describe('variables of another host', test => {
  test(
    "are worked out with that host's own, as Ansible does",
    () =>
      inFolder(async folder => {
        const found = expressions.map(start)
        assert.equal(found, inAnsible(folder))
        assert.equal(found.slice(0, 3), ['http://w2:8001', 'http://w2:8001', '8001'])
      }),
    { skip: whyNoAnsible() },
  )

  test('may be made of a third one, of which Ansible would show the template', () =>
    assert.is(start("{{ hostvars['d1'].back }}"), 'http://w2:8001'))

  test('that are not there, of hosts that are not, are told with their place', () => {
    assert.equal(
      mistakes("{{ hostvars['w2'].prot }}"),
      'c.yml:1:57: the variable "prot" is not defined for w2; did you mean "port"?',
    )
    assert.match(
      mistakes("{{ hostvars['w3'].port }}"),
      /c.yml:1:51: no host or group is called "w3"; did you mean "w1"\?/,
    )
    assert.match(mistakes('{{ hostvars.w2 }}'), 'there has to be the name of one of its variables')
    assert.match(mistakes('{{ hostvars | length }}'), "is asked about one host, as in hostvars['web1'].port")
  })

  test('may not be made of each other in a circle, through however many hosts', () =>
    assert.match(mistakes('{{ around }}'), /these variables form a circle: /))

  test('that are passwords are not to be had either', () => {
    const secret = inventory.replace('10.0.0.9', '10.0.0.9, ansible_password: canary')
    const text = `services: { app: { hosts: w1, start: "{{ hostvars['d1'].ansible_password }}", processes: { p: { args: [x] } } } }`
    const read = right(readCatalogs(filesOf({ 'c.yml': text }), ['c.yml']))
    const said = complaints(expandCatalog(read, inventoryOf(secret), null)).join()
    assert.match(said, 'the variable "ansible_password" is a secret')
    assert.not.match(said, 'canary')
  })

  test('that are secret stay hidden in what is made of them', () => {
    const text = `services: { app: { hosts: w1, start: "x {{ hostvars['d1'].token }}", processes: { p: { args: [x] } } } }`
    const read = right(readCatalogs(filesOf({ 'c.yml': text }), ['c.yml']))
    const book = inventoryOf(inventory)
    const hosts = new Map(
      [...book.hosts].map(([name, host]) => [
        name,
        { ...host, variables: new Map([...host.variables, ['token', sealed]]) },
      ]),
    )
    const { plays, redactions } = right(expandCatalog(read, { ...book, hosts }, null))
    assert.is(plays[0]?.prerequisites[0]?.start, 'x canary-9')
    assert.ok(redactions?.some(({ text }) => text === 'canary-9'))
  })
})

const sealed: Variable = {
  _tag: 'Sealed',
  open: () => E.right(new Secret('canary-9')),
  at: { file: 'hosts.yml', line: 1, column: 1 },
}
