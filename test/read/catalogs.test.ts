import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { readCatalogs } from '../../lib/read/playbook.js'
import { describe } from '../helpers/test.js'
import { complaints, filesOf, right } from '../helpers/written.js'

describe('catalogs that include others', test => {
  test('hold the services of all of them, each file once', () => {
    const texts = {
      'main.yml':
        'include: [sub/a.yml, sub/b.yml]\nservices: { main: { hosts: all, requires: a, processes: { p: { args: [x] } } } }',
      'sub/a.yml': 'include: c.yml\nservices: { a: { hosts: all, processes: { p: { args: [x] } } } }',
      'sub/b.yml': 'include: c.yml',
      'sub/c.yml': 'services: { c: { hosts: all, processes: { p: { args: [x] } } } }',
    }
    assert.equal([...read(texts).keys()], ['c', 'a', 'main'])
  })

  test('are told where they go in a circle, are missing, or define a service again', () => {
    const one = 'services: { a: { hosts: all, processes: { p: { args: [x] } } } }'
    assert.equal(said({ 'main.yml': 'include: a.yml', 'a.yml': 'include: [b.yml]', 'b.yml': 'include: a.yml' }), [
      'b.yml:1:10: these catalogs form a circle: a.yml → b.yml → a.yml',
    ])
    assert.equal(said({ 'main.yml': 'include: main.yml' }), [
      'main.yml:1:10: these catalogs form a circle: main.yml → main.yml',
    ])
    assert.equal(said({ 'main.yml': 'include: none.yml' }), [
      'main.yml:1:10: none.yml cannot be read: there is no such file',
    ])
    assert.equal(said({ 'main.yml': `include: a.yml\n${one}`, 'a.yml': one }), [
      'main.yml:2:13: the service "a" is defined twice; the first is at a.yml:1:13',
    ])
  })
})

describe('a service that is like another', test => {
  test('says itself what is different, and adds to processes and variables', () => {
    const services = read({
      'main.yml': `services:
  base:
    hosts: web
    script: /etc/init.d/{{ what }}
    defaults: { what: base, port: 80 }
    processes: { main: { args: [x] }, side: { args: [y] } }
  other:
    like: base
    hosts: app
    defaults: { what: other }
    processes: { side: { args: [z] }, more: { args: [w] } }
`,
    })
    const other = services.get('other' as never)
    assert.is(other?.hosts.text, 'app')
    assert.equal([...(other?.defaults.keys() ?? [])], ['what', 'port'])
    assert.equal(
      other?.processes.map(({ name, args }) => [name, ...args.flatMap(({ parts }) => parts)]),
      [
        ['main', 'x'],
        ['side', 'z'],
        ['more', 'w'],
      ],
    )
    assert.is(other?.scripts.length, 1)
    assert.is(services.get('base' as never)?.processes.length, 2)
  })

  test('may be like one that is like a third, also of a catalog that is included', () => {
    const services = read({
      'main.yml': 'include: a.yml\nservices: { c: { like: b, log: /c }, b: { like: a, start: b } }',
      'a.yml': 'services: { a: { hosts: all, start: a, processes: { p: { args: [x] } } } }',
    })
    const c = services.get('c' as never)
    assert.equal([c?.start?.parts, c?.logs.length, c?.processes.length], [['b'], 1, 1])
  })

  test('is told where there is no other, or only itself', () => {
    const process = 'hosts: all, processes: { p: { args: [x] } }'
    assert.equal(said({ 'main.yml': `services: { base: { ${process} }, b: { like: bsae, ${process} } }` }), [
      'main.yml:1:79: unknown service "bsae"; did you mean "base"?; known are base',
    ])
    assert.equal(said({ 'main.yml': `services: { a: { like: b, ${process} }, b: { like: a, ${process} } }` }), [
      'main.yml:1:85: these services form a circle: a → b → a',
    ])
  })

  test('shares a mistake with the other, which is told once', () => {
    assert.equal(
      said({
        'main.yml': 'services: { a: { hosts: all, start: [], processes: { p: { args: [x] } } }, b: { like: a } }',
      }),
      ['main.yml:1:37: expected text or a number, found a list'],
    )
  })
})

const survey = (texts: Readonly<Record<string, string>>) => readCatalogs(filesOf(texts), ['main.yml'])
const read = (texts: Readonly<Record<string, string>>) => right(survey(texts))
const said = (texts: Readonly<Record<string, string>>): readonly string[] => {
  const result = survey(texts)
  return E.isLeft(result) ? complaints(result) : []
}
