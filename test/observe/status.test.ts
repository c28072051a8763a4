import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { parseStatus } from '../../lib/observe/status.js'
import { describe } from '../helpers/test.js'
import { cutsOf } from './captures.js'

/** Linux 6.18: grep -aH -e '^State:' -e '^PPid:' -e '^Uid:' -e '^NSpid:' -e '^VmSize:' /proc/[0-9]*\/status */
const capture = `/proc/1/status:State:\tS (sleeping)
/proc/1/status:PPid:\t0
/proc/1/status:Uid:\t0\t0\t0\t0
/proc/1/status:NSpid:\t1
/proc/1/status:VmSize:\t    2480 kB
/proc/17/status:State:\tT (stopped)
/proc/17/status:PPid:\t1
/proc/17/status:Uid:\t0\t1000\t0\t0
/proc/17/status:NSpid:\t17
/proc/18/status:State:\tS (sleeping)
/proc/18/status:PPid:\t17
/proc/18/status:Uid:\t0\t0\t0\t0
/proc/18/status:NSpid:\t18\t1
`

describe('/proc/PID/status', test => {
  test('tells the parent, the state, the effective user, who is in a container, and who has no memory', () =>
    assert.equal(
      [...parseStatus(capture)],
      [
        [1, { ppid: 0, state: 'S', uid: 0, contained: false, hasMemory: true }],
        [17, { ppid: 1, state: 'T', uid: 1000, contained: false, hasMemory: false }],
        [18, { ppid: 17, state: 'S', uid: 0, contained: true, hasMemory: false }],
      ],
    ))

  test('cut anywhere tells no process otherwise than it is, but for a number that is cut itself', () => {
    const whole = parseStatus(capture)
    const last = { contained: false, hasMemory: false }
    for (const cut of cutsOf(capture).filter(text => text.endsWith('\n'))) {
      for (const [pid, row] of parseStatus(cut)) {
        assert.equal({ ...row, ...last }, { ...whole.get(pid), ...last })
      }
    }
  })

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseStatus(text))))
})
