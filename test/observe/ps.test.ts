import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { parsePs } from '../../lib/observe/ps.js'
import { describe } from '../helpers/test.js'
import { capture, cutsOf } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('ps', test => {
  test('of procps tells every process', () => {
    const rows = rightOf(parsePs(capture('ps-procps')))
    assert.equal(
      rows.map(({ pid, ppid, uid, state }) => [pid, ppid, uid, state].join(' ')),
      [
        '1 0 0 S',
        '10 1 0 S',
        '12 1 0 S',
        '14 12 0 S',
        '15 1 0 S',
        '17 1 1000 S',
        '20 1 0 S',
        '22 20 0 Z',
        '23 1 0 T',
        '26 1 0 R',
      ],
    )
    assert.is(rows[5]?.line, 'perl Bootstrap two words  new line')
  })

  test('of toybox tells the same', () => {
    const theirs = rightOf(parsePs(capture('ps-toybox'))).map(({ pid, ppid, uid, state }) => ({
      pid,
      ppid,
      uid,
      state,
    }))
    const ours = rightOf(parsePs(capture('ps-procps'))).map(({ pid, ppid, uid, state }) => ({ pid, ppid, uid, state }))
    assert.equal(theirs.slice(0, -1), ours.slice(0, -1))
  })

  test('tells the age in seconds', () => {
    for (const [etime, seconds] of [
      ['00:07', 7],
      ['02:07', 127],
      ['01:02:07', 3_727],
      ['12-01:02:07', 1_040_527],
      ['-', 0],
    ] as const)
      assert.is(rowOf({ etime }).ageSeconds, seconds, etime)
  })

  test('knows a process that a debugger has stopped, or whose state is not known', () => {
    assert.is(rowOf({ stat: 't' }).state, 't')
    assert.is(rowOf({ stat: '?' }).state, '?')
    assert.is(rowOf({ stat: 'Ssl+' }).state, 'S')
  })

  test('keeps what comes after the age as it is', () => {
    for (const line of ['', 'a', 'a  b ', 'a\rb', 'a\u2028b', '\u001b[2Jx', '1 0 0 S 00:01 init'])
      assert.is(rowOf({ line }).line, line, JSON.stringify(line))
  })

  test('tells the right process whatever its arguments are', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const line = text.replaceAll('\n', ' ')
        assert.equal({ ...rowOf({ line }), line: null }, { ...rowOf({}), line: null })
      }),
    ))

  test('cut anywhere tells no process that is not there', () => {
    const pids = rightOf(parsePs(capture('ps-procps'))).map(({ pid, ppid }) => `${pid} ${ppid}`)
    for (const cut of cutsOf(capture('ps-procps'))) {
      const read = parsePs(cut)
      if (E.isRight(read))
        assert.equal(
          read.right.map(({ pid, ppid }) => `${pid} ${ppid}`),
          pids.slice(0, read.right.length),
        )
    }
  })

  test('is refused whole with a line that is no process, and when it prints nothing', () => {
    assert.match(leftOf(parsePs(`${capture('ps-procps')}error: out of memory\n`)), '"error: out of memory"')
    assert.match(leftOf(parsePs('\n')), 'no process')
  })

  test('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parsePs(text)))
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123 :-S\n') }), text => void parsePs(text)))
  })
})

const rowOf = ({ stat = 'S', etime = '00:01', line = 'x' }) => {
  const [row] = rightOf(parsePs(`   1234       1     0 ${stat.padEnd(8)} ${etime.padStart(8)} ${line}\n`))
  if (row === undefined) throw new Error('no row')
  return row
}
