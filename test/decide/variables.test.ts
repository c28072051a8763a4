import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { scopeOf } from '../../lib/decide/expression/scope.js'
import { renderPartly, renderRest, renderText, resolveVariable } from '../../lib/decide/variables.js'
import type { Host } from '../../lib/model/inventory.js'
import { shellWord } from '../../lib/model/shell.js'
import { parseTemplate } from '../../lib/read/template.js'
import { describe } from '../helpers/test.js'
import { complaintOf, inventoryOf, right } from '../helpers/written.js'

describe('a variable', test => {
  test('is text, a number or true, as YAML means it', () => {
    const host = hostWith('a: text, b: 0x10, c: true, d: "0x10", e: ""')
    assert.equal(
      ['a', 'b', 'c', 'd', 'e'].map(name => right(resolve(host, name))),
      ['text', '16', 'true', '0x10', ''],
    )
  })

  test('may be made of others, however deep', () => {
    const host = hostWith('a: "{{ b }}/x", b: "{{ c }}/{{ c }}", c: "{{ d }}", d: 1')
    assert.is(right(resolve(host, 'a')), '1/1/x')
  })

  test('is never made of itself: the circle is named, and nothing else', () => {
    const host = hostWith('a: "{{ a }}", start: "{{ b }}", b: "{{ c }}", c: "{{ d }}", d: "{{ b }}"')
    assert.match(complaintOf(resolve(host, 'a')), 'these variables form a circle: a → a')
    assert.match(complaintOf(resolve(host, 'start')), /circle: b → c → d → b$/)
  })

  test('is in the same circle, at the same place, wherever it is entered', () => {
    const host = hostWith('b: "{{ c }}", c: "{{ d }}", d: "{{ b }}"')
    const said = ['b', 'c', 'd'].map(name => complaintOf(resolve(host, name)))
    assert.is(new Set(said).size, 1)
  })

  test('is missing where it is asked for, with the name that was meant', () => {
    const host = hostWith('dir: "{{ bsae }}/x", base: 1')
    assert.match(
      complaintOf(resolve(host, 'dir')),
      /^hosts.yml:1:\d+: the variable "bsae" is not defined for h; did you mean "base"\?$/,
    )
    assert.match(complaintOf(resolve(host, 'other')), /^asked.yml:7:8: the variable "other" is not defined for h$/)
  })

  test('is not a part of every JavaScript object', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      assert.match(complaintOf(resolve(hostWith('a: 1'), name)), 'is not defined')
    }
  })

  test('is no list, no map and not nothing', () => {
    const host = hostWith('list: [secret], map: {secret: 1}, none: ')
    for (const [name, found] of [
      ['list', 'a list'],
      ['map', 'a map'],
      ['none', 'nothing'],
    ] as const) {
      assert.is(
        complaintOf(resolve(host, name)),
        `asked.yml:7:8: expected text or a number in ${name}, found ${found} on h`,
      )
    }
  })

  test('is refused where a few lines would unfold into gigabytes, and filled in where they only seem to', () => {
    const bomb = (start: string) => hostWith(`v0: "${start}", ${doubling}`)
    assert.match(complaintOf(resolve(bomb('x'), 'v60')), 'longer than 128 KiB')
    assert.is(right(resolve(bomb(''), 'v60')), '')
  })

  test('is refused where it is made of too many in one another', () => {
    const chain = Array.from({ length: 5000 }, (_, i) => `v${i}: "{{ v${i + 1} }}"`).join(', ')
    assert.match(complaintOf(resolve(hostWith(`${chain}, v5000: x`), 'v0')), 'more than 100 deep')
  })
})

describe('a template', test => {
  test('is filled in with what the host knows', () => {
    assert.is(right(renderText(template('{{ a }}-{{ b }}{{ a }}'), scopeWith('a: 1, b: x'))), '1-x1')
  })

  test('leaves the variables of a line for later', () => {
    const host = hostWith('dir: /srv, name: never')
    const partly = right(renderPartly(template('{{ dir }}/poll {{ name }}'), scopeOf(host), ['name'], value => value))
    assert.equal(partly.parts, ['/srv', '/poll ', { variable: 'name' }])
    assert.is(
      renderRest(partly, new Map([['name', 'Dns']]), value => value),
      '/srv/poll Dns',
    )
  })

  test('makes of each value one word of the shell', () => {
    const host = hostWith(`dir: "/a b", evil: "'; rm -rf $(x) #", empty: ""`)
    const command = right(renderPartly(template('{{ dir }}/x {{ evil }} {{ empty }}'), scopeOf(host), [], shellWord))
    assert.is(renderRest(command, new Map(), shellWord), `'/a b'/x ''\\''; rm -rf $(x) #' ''`)
  })

  test('never takes what a line says for a template', () => {
    const partly = right(renderPartly(template('x {{ name }}'), scopeWith('a: secret'), ['name'], shellWord))
    assert.is(renderRest(partly, new Map([['name', '{{ a }}']]), shellWord), `x '{{ a }}'`)
  })

  test('is refused where its values are too long together', () => {
    const host = hostWith(`long: "${'x'.repeat(100_000)}"`)
    for (const text of ['{{ long }}{{ long }}', '{{ long }} {{ long }}']) {
      assert.match(complaintOf(renderText(template(text), scopeOf(host))), 'longer than 128 KiB')
      assert.match(complaintOf(renderPartly(template(text), scopeOf(host), [], shellWord)), 'longer than 128 KiB')
    }
  })

  test('without variables stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !/\{[{%#]/.test(text)),
        text => assert.is(right(renderText(template(text), scopeWith('a: 1'))), text),
      ),
    )
  })
})

const doubling = Array.from({ length: 60 }, (_, i) => `v${i + 1}: "{{ v${i} }}{{ v${i} }}"`).join(', ')

const hostWith = (variables: string): Host => {
  const [host] = inventoryOf(`all: { hosts: { h: { ${variables} } } }`).hosts.values()
  if (host === undefined) throw new Error('there is no host')
  return host
}

const scopeWith = (variables: string) => scopeOf(hostWith(variables))

const at = { file: 'asked.yml', line: 7, column: 8 }
const template = (text: string) => right(parseTemplate(text, { at }))
const resolve = (host: Host, name: string) => resolveVariable(scopeOf(host), name, at)
