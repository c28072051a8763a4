import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, playbookOf, playbookResult } from '../helpers/written.js'

describe('a playbook', test => {
  test('is plays, each with its hosts, its catalogs and the state of its services', () => {
    const { plays } = playbookOf({
      'play.yml': '- { name: Up, hosts: all, catalog: a.yml, services: { km: running, db: stopped } }',
      'a.yml': catalog('km', 'db'),
    })
    assert.equal(
      plays.map(({ name, hosts, services }) => [name, hosts.text, services.map(({ state }) => state)]),
      [['Up', 'all', ['running', 'stopped']]],
    )
  })

  test('is called by its hosts where it has no name', () => {
    const texts = { 'play.yml': '- { hosts: web, catalog: a.yml, services: { km: running } }', 'a.yml': catalog('km') }
    assert.is(playbookOf(texts).plays[0]?.name, 'web')
  })

  test('finds its catalogs beside itself', () => {
    const text = '- { hosts: all, catalog: [./sub/a.yml, ../b.yml, /c.yml], services: { km: running } }'
    assert.match(
      complaintOf(playbookResult({ 'play.yml': text })),
      'play.yml:1:27: sub/a.yml cannot be read: there is no such file',
    )
    const texts = { 'play.yml': text, 'sub/a.yml': catalog('km'), '../b.yml': catalog('db'), '/c.yml': catalog('x') }
    assert.equal([...(playbookOf(texts).plays[0]?.catalog.keys() ?? [])], ['km', 'db', 'x'])
  })

  test('does something', () => {
    assert.match(complaintOf(playbookResult({ 'play.yml': '[]' })), 'expected a list of plays, found an empty one')
    const idle = { 'play.yml': '- { hosts: all, catalog: a.yml, services: }', 'a.yml': catalog('km') }
    assert.match(complaintOf(playbookResult(idle)), 'expected a map of services and their states, found an empty one')
  })

  test('names no service that its catalogs do not have', () => {
    const texts = { 'play.yml': play('a.yml', 'kn: running, other: running'), 'a.yml': catalog('km') }
    assert.equal(complaints(playbookResult(texts)), [
      'play.yml:1:45: unknown service "kn"; did you mean "km"?; known are km',
      'play.yml:1:58: unknown service "other"; known are km',
    ])
  })

  test('has no catalog with a requirement that is in none of them', () => {
    const needy = 'services: { km: { hosts: all, requires: [db, web], processes: { p: { args: [x] } } } }'
    const texts = { 'play.yml': play('[a.yml, b.yml]', 'km: running'), 'a.yml': needy, 'b.yml': catalog('db') }
    assert.equal(complaints(playbookResult(texts)), ['a.yml:1:46: unknown service "web"; known are km, db'])
  })

  test("is reported together with its catalog's mistakes", () => {
    const texts = { 'play.yml': play('a.yml', 'km: runing'), 'a.yml': 'services: { km: { hosts: all } }' }
    assert.equal(complaints(playbookResult(texts)), [
      'a.yml:1:17: a service needs the key "processes"',
      'play.yml:1:49: unknown state "runing"; did you mean "running"?; known are running, stopped',
    ])
  })

  test('is told once of a mistake in a catalog that two plays have', () => {
    const both = `${play('a.yml', 'km: running')}\n${play('a.yml', 'km: stopped')}`
    const wrong = { 'play.yml': both, 'a.yml': 'services: { km: { hosts: all } }' }
    assert.is(complaints(playbookResult(wrong)).length, 1)
    const needy = { 'play.yml': both, 'a.yml': catalog('km').replace('hosts: all', 'hosts: all, requires: db') }
    assert.is(complaints(playbookResult(needy)).length, 1)
  })

  test('is told of a missing catalog in every play that names it', () => {
    const both = `${play('a.yml', 'km: running')}\n${play('a.yml', 'km: stopped')}`
    assert.equal(
      complaints(playbookResult({ 'play.yml': both })).map(line => line.slice(0, 13)),
      ['play.yml:1:26', 'play.yml:2:26'],
    )
  })

  test('is told of the unknown services of one play beside the broken catalog of another', () => {
    const both = `${play('a.yml', 'km: running')}\n${play('b.yml', 'kn: running')}`
    const texts = { 'play.yml': both, 'a.yml': 'services: 5', 'b.yml': catalog('km') }
    assert.equal(
      complaints(playbookResult(texts)).map(line => line.split(': ')[1]),
      ['expected a map of services, found a number', 'unknown service "kn"; did you mean "km"?; known are km'],
    )
  })

  test('is called the wrong file where it has more than a thousand mistakes', () => {
    const lines = complaints(playbookResult({ 'play.yml': '- 5\n'.repeat(5000) }))
    assert.is(lines.length, 1001)
    assert.is(lines[0], 'play.yml cannot be read: it has 5000 mistakes; the first 1000 are named')
  })

  test('is told once of a mistake that an alias repeats', () => {
    const wrong = 'services: { a: &s { hosts: all, typo: 1, processes: { p: { args: [x] } } }, b: *s, c: *s }'
    const texts = { 'play.yml': play('a.yml', 'a: running'), 'a.yml': wrong }
    assert.is(complaints(playbookResult(texts)).length, 1)
  })
})

const play = (catalogs: string, services: string) => `- { hosts: all, catalog: ${catalogs}, services: { ${services} } }`

const catalog = (...names: readonly string[]) =>
  `services: { ${names.map(name => `${name}: { hosts: all, processes: { p: { args: [x] } } }`).join(', ')} }`
