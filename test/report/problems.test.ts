import * as assert from 'uvu/assert'
import type { InputProblem } from '../../lib/model/problem.js'
import { problemLines } from '../../lib/report/problems.js'
import { describe } from '../helpers/test.js'

describe('the lines of problems', test => {
  test('begin with file, line and column, as editors jump to', () => {
    assert.equal(problemLines([unknownKey('typo', ['name'])]), ['f.yml:2:3: unknown key "typo"; known are name'])
  })

  test('come without a place before those with one, and those in the order of their files, lines and columns', () => {
    const places = [place('b', 1, 1), place('a', 10, 1), place('a', 9, 2), place('a', 9, 1)]
    const problems: readonly InputProblem[] = [
      ...places.map(at => ({ _tag: 'BadYaml', at, reason: '' }) as const),
      usage,
    ]
    assert.equal(
      problemLines(problems).map(line => line.split(': ')[0]),
      ['no catalog', 'a:9:1', 'a:9:2', 'a:10:1', 'b:1:1'],
    )
  })

  test('name what was probably meant, and do not guess at random', () => {
    const known = ['running', 'stopped', 'name', 'km']
    for (const [word, meant] of [
      ['runing', 'running'],
      ['nmae', 'name'],
      ['kn', 'km'],
      ['Stopped', 'stopped'],
    ] as const) {
      assert.match(lineOf(unknownKey(word, known)), `did you mean "${meant}"?`)
    }
    for (const word of ['started', 'x', 'dispatcher', ''])
      assert.not.match(lineOf(unknownKey(word, known)), 'did you mean')
  })

  test('name some of many, and say nothing of none', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => `service${i}`)
    assert.match(lineOf(unknownKey('x', hundred)), /known are service0, .*, service19 and 80 more$/)
    assert.is(lineOf(unknownKey('x', [])), 'f.yml:2:3: unknown key "x"')
  })

  test('stay short, whatever a file holds', () => {
    const line = lineOf(unknownKey('x'.repeat(1_000_000), Array(1000).fill('name')))
    assert.ok(line.length <= 1001, `${line.length}`)
    assert.ok(line.endsWith('…'))
  })

  test('show what could play tricks on a terminal', () => {
    assert.match(lineOf(unknownKey('\u001b[2J\u202e\n', [])), 'unknown key "\\u{1b}[2J\\u{202e}\\u{a}"')
  })

  test('say that it is the limit where a host is unknown on the command line', () => {
    const problem: InputProblem = { _tag: 'UnknownHost', at: null, pattern: 'web9', known: ['web1'] }
    assert.is(lineOf(problem), 'no host or group is called "web9"; did you mean "web1"?')
  })

  test('say where the other one is', () => {
    const [at, first] = [place('b', 2, 1), place('a', 1, 1)]
    assert.match(lineOf({ _tag: 'DuplicateService', at, service: 'km', first }), /^b:2:1: .* the first is at a:1:1$/)
    assert.match(lineOf({ _tag: 'DuplicateKey', at, key: 'km', first }), /^b:2:1: .* the first is at a:1:1$/)
  })
})

const place = (file: string, line: number, column: number) => ({ file, line, column })
const usage: InputProblem = { _tag: 'BadUsage', reason: 'no catalog' }
const unknownKey = (key: string, known: readonly string[]): InputProblem => ({
  _tag: 'UnknownKey',
  at: place('f.yml', 2, 3),
  key,
  known,
})
const lineOf = (problem: InputProblem): string => problemLines([problem])[0] ?? ''
