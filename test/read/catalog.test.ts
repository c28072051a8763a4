import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { CatalogService } from '../../lib/model/catalog.js'
import { readCatalogs } from '../../lib/read/playbook.js'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, filesOf, right } from '../helpers/written.js'

describe('a catalog', test => {
  test('needs to say of a service where it lives and what it is known by', () => {
    const km = service('{ hosts: kms, processes: { tomcat: { args: [-Dbase=km] } } }')
    assert.equal(
      [km.hosts.text, km.processes[0]?.name, km.processes[0]?.args[0]?.parts],
      ['kms', 'tomcat', ['-Dbase=km']],
    )
    assert.equal(complaints(read('{}')), [
      'a.yml:1:16: a service needs the key "hosts"',
      'a.yml:1:16: a service needs the key "processes"',
    ])
  })

  test('leaves out what a service has not', () => {
    const { requires, scripts, start, stop, ready, processes } = service(`{ hosts: all, processes: ${one} }`)
    assert.equal([requires, scripts, start, stop.command, stop.escalation], [[], [], null, null, []])
    assert.equal(ready, { withinMs: 60_000, stableMs: 2_000, checks: [] })
    assert.is(stop.withinMs, 60_000)
    const [{ listens, start: own, onStop, each } = missing] = processes
    assert.equal([listens, own, onStop, each], [[], null, 'stop', null])
  })

  test('keeps the rest where only a part of ready or stop is given', () => {
    const { ready, stop } = service(
      `{ hosts: all, processes: ${one}, ready: { within: 5s }, stop: { then: [TERM, 1s] } }`,
    )
    assert.equal(ready, { withinMs: 5_000, stableMs: 2_000, checks: [] })
    assert.equal([stop.withinMs, stop.escalation.length], [60_000, 2])
  })

  test('takes one script, requirement or port for a list of one', () => {
    const process = '{ p: { args: [x], listens: 80 } }'
    const { requires, scripts, processes } = service(`{ hosts: all, requires: db, script: /x, processes: ${process} }`)
    assert.equal([requires.map(({ value }) => value), scripts.length, processes[0]?.listens.length], [['db'], 1, 1])
  })

  test('has at least one process with at least one argument: nothing is known by nothing', () => {
    assert.match(
      complaintOf(read('{ hosts: all, processes: {} }')),
      'a.yml:1:41: expected a map of processes, found an empty one',
    )
    assert.match(complaintOf(read('{ hosts: all, processes: }')), 'expected a map of processes, found an empty one')
    assert.match(complaintOf(read('{ hosts: all, processes: { p: { args: [] } } }')), 'found an empty one')
  })

  test('names the variables of each line', () => {
    const each = '{ p: { args: [x], each: { lines_of: /etc/x, as: [name, number] } } }'
    assert.equal(service(`{ hosts: all, processes: ${each} }`).processes[0]?.each?.as, ['name', 'number'])
    const none = '{ p: { args: [x], each: { lines_of: /etc/x, as: [] } } }'
    assert.match(complaintOf(read(`{ hosts: all, processes: ${none} }`)), 'found an empty one')
  })

  test('joins others, and no two may define the same service', () => {
    const texts = { 'a.yml': 'services: { km: }', 'b.yml': `services: { km: { hosts: all, processes: ${one} } }` }
    const both = { ...texts, 'a.yml': texts['b.yml'].replace('km', 'db') }
    assert.equal([...right(readCatalogs(filesOf(both), ['a.yml', 'b.yml'])).keys()], ['db', 'km'])
    const twice = { ...texts, 'a.yml': texts['b.yml'] }
    assert.equal(complaints(readCatalogs(filesOf(twice), ['a.yml', 'b.yml'])), [
      'b.yml:1:13: the service "km" is defined twice; the first is at a.yml:1:13',
    ])
  })

  test('is read once, however often it is named', () => {
    const files = filesOf({ 'a.yml': `services: { km: { hosts: all, processes: ${one} } }` })
    assert.ok(E.isRight(readCatalogs(files, ['a.yml', 'a.yml'])))
  })
})

const one = '{ p: { args: [x] } }'
const missing = { listens: null, start: null, onStop: null, each: null }
/** Beside one that it may require. */
const read = (written: string) =>
  readCatalogs(filesOf({ 'a.yml': `services: { a: ${written}, db: { hosts: all, processes: ${one} } }` }), ['a.yml'])
const service = (written: string): CatalogService => {
  const [first] = right(read(written)).values()
  if (first === undefined) throw new Error('the catalog is empty')
  return first
}
