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

  test('tells the moment of the start by lstart, and which ps cuts its lines', () => {
    const rows = rightOf(parsePs(capture('ps-lstart')))
    assert.equal(rows[4], {
      pid: 39,
      ppid: 1,
      uid: 0,
      user: null,
      state: 'S',
      ageSeconds: 0,
      startedAt: 'Tue Nov 24 23:28:31 2026',
      line: '../sl ep 50',
      isShort: false,
    })
    for (const name of ['ps-busybox', 'ps-toybox'])
      assert.ok(rightOf(parsePs(capture(name))).every(({ isShort }) => isShort))
    assert.equal(rightOf(parsePs(capture('ps-starts')))[0]?.startedAt, null)
  })

  test('is read by its header, whatever the columns', () => {
    for (const [name, uid] of [
      ['ps-ef', null],
      ['ps-aux', null],
      ['ps-busybox', null],
      ['ps-toybox-ef', null],
      ['ps-lstart', 0],
    ] as const) {
      const row = rightOf(parsePs(capture(name))).find(({ pid }) => pid === 7)
      assert.is(row?.user, uid === null ? 'root' : null, name)
      assert.is(row?.uid, uid, name)
      assert.match(row?.line ?? '', /my server sk\.pl b$/, name)
    }
  })

  test('of other systems is read too', () => {
    for (const [table, expected] of otherSystems) {
      const [row] = rightOf(parsePs(table))
      assert.equal([row?.pid, row?.ppid, row?.uid, row?.user, row?.state, row?.ageSeconds, row?.line], expected, table)
    }
  })

  test('leaves unknown what may have been cut or cannot be read', () => {
    assert.is(rowOf({ etime: '10000:0' }).ageSeconds, null)
    assert.is(rowOf({ etime: '1h02' }).ageSeconds, null)
    assert.is(userIn('    PID USER     COMMAND\n      1 systemd+ x\n'), null)
    assert.is(userIn('PID   USER     COMMAND\n    1 systemd- x\n'), null)
    assert.is(userIn('  PID USER       VSZ STAT COMMAND\n    1 systemd-  1234 S    x\n'), null)
    assert.is(userIn('    PID USER     COMMAND\n      1 www-data x\n'), 'www-data')
  })

  test('is refused without a header, with a pid that comes twice, and with a column out of its place', () => {
    assert.match(leftOf(parsePs('1 0 0 S 00:01 init\n')), 'no header')
    assert.match(leftOf(parsePs('PID COMMAND PPID\n1 init 0\n')), 'no header')
    assert.match(leftOf(parsePs('PID COMMAND\n1 init\n1 init\n')), 'twice')
    assert.match(leftOf(parsePs('PID PPID COMMAND\n1 init 0\n')), 'no process')
    assert.match(leftOf(parsePs('PID STAT TIME COMMAND\n1 S x 0:00\n')), 'no process')
    assert.match(leftOf(parsePs('PID PPID COMMAND\n1 0\n')), 'no process')
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

/** By hand, after ps(1) of macOS, FreeBSD and illumos, of procps 3.2, and after BusyBox's own usage text. */
const otherSystems = [
  [
    '  UID   PID  PPID   C STIME   TTY           TIME CMD\n   55    52     1   0 Tue01PM ??         1:08.04 /bin/a  b\n',
    [52, 1, 55, null, null, null, '/bin/a  b'],
  ],
  [
    'USER  PID %CPU %MEM   VSZ  RSS TT  STAT STARTED    TIME COMMAND\nroot   11  0.0  0.0     0   16  -  RNL  Thu09AM 9:01.53 [idle]\n',
    [11, null, null, 'root', 'R', null, '[idle]'],
  ],
  [
    '     UID   PID  PPID   C    STIME TTY         TIME CMD\n    root   614     1   0   Oct 26 ?           0:02 /usr/lib/ssh/sshd\n',
    [614, 1, null, 'root', null, null, '/usr/lib/ssh/sshd'],
  ],
  [
    '     UID   PID  PPID   C    STIME TTY         TIME CMD\n    root   615     1   0        - ?           0:00 <defunct>\n',
    [615, 1, null, 'root', null, null, '<defunct>'],
  ],
  ['  PID TTY          TIME CMD\n    7              0:02 12:30 x\n', [7, null, null, null, null, null, '12:30 x']],
  [
    'USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\ndaemon    2215  0.0  0.1  10364   720 ?        Ss    2012   0:00 /usr/sbin/atd\n',
    [2215, null, null, 'daemon', 'S', null, '/usr/sbin/atd'],
  ],
  [
    '  PID USER       VSZ STAT COMMAND\n    1 root      1234 S N  sh\n  900 root       12m SW<  x\n',
    [1, null, null, 'root', 'S', null, 'sh'],
  ],
  ['PID   USER     TIME  COMMAND\n    1 root      1h02 N init\n', [1, null, null, 'root', null, null, 'N init']],
] as const

const userIn = (table: string): string | null | undefined => rightOf(parsePs(table))[0]?.user

const header = '    PID    PPID   UID STAT      ELAPSED COMMAND\n'

const rowOf = ({ stat = 'S', etime = '00:01', line = 'x' }) => {
  const [row] = rightOf(parsePs(`${header}   1234       1     0 ${stat.padEnd(8)} ${etime.padStart(8)} ${line}\n`))
  if (row === undefined) throw new Error('no row')
  return row
}
