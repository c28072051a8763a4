import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { parseCmdline, parseStat } from '../../lib/observe/proc.js'
import { describe } from '../helpers/test.js'
import { capture, cutsOf } from './captures.js'

describe('/proc/PID/stat', test => {
  test('tells every process, also one that calls itself ) S 1 1 or has a newline in its name', () =>
    assert.equal(
      [...parseStat(capture('stat')).values()].map(row => [row.pid, row.ppid, row.state, row.startTicks].join(' ')),
      [
        '1 0 S 512256',
        '10 1 S 512508',
        '12 1 S 512518',
        '14 12 S 512520',
        '15 1 S 512529',
        '17 1 S 512539',
        '20 1 S 512549',
        '22 20 Z 512550',
        '23 1 T 512559',
      ],
    ))

  test('tells the right parent, state and start whatever a process calls itself', () =>
    fc.assert(
      fc.property(processName, name =>
        assert.equal(parseStat(statOf(77, name)).get(77), {
          pid: 77,
          ppid: 5,
          state: 'S',
          startTicks: 123_456,
          isKernel: false,
        }),
      ),
      { numRuns: 2_000 },
    ))

  test('cut anywhere tells no process otherwise than it is', () => {
    const whole = parseStat(capture('stat'))
    for (const cut of cutsOf(capture('stat')))
      for (const [pid, row] of parseStat(cut)) assert.equal(row, whole.get(pid))
  })

  test("knows a thread of the kernel's own by its flags", () => {
    const flags = (text: string) =>
      parseStat(`/proc/2/stat:2 (x) S 0 0 0 0 -1 ${text}${' 0'.repeat(16)}\n`).get(2)?.isKernel
    assert.is(flags('2129984'), true)
    assert.is(flags('4194560'), false)
  })

  test('leaves out a row that is not whole, as of a process that ended meanwhile', () =>
    assert.equal([...parseStat('/proc/7/stat:7 (x) S 1 1\n/proc/8/stat:\n').keys()], []))

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseStat(`/proc/7/stat:${text}`))))
})

describe('/proc/PID/cmdline', test => {
  test('tells every argument: with spaces, empty, with a newline in it', () => {
    assert.equal(parseCmdline(capture('cmdline')).get(17), ['perl', 'Bootstrap', 'two words', '', 'new\nline'])
    assert.equal([...parseCmdline(capture('cmdline')).keys()], [1, 10, 12, 14, 15, 17, 20, 23])
  })

  test('gives any arguments back as they are', () =>
    fc.assert(
      fc.property(fc.array(fc.array(argument, { minLength: 1 })), processes => {
        const text = processes.flatMap((args, i) => args.map(arg => `/proc/${i + 1}/cmdline:${arg}\0`)).join('')
        assert.equal([...parseCmdline(text).values()], processes)
      }),
    ))

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseCmdline(text))))
})

/** Anything but NUL, in at most 15 bytes. */
const processName = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom(') S 1 1', ')', '(', '\n', '\r', '\u2028', '/proc/1/stat:', ' '), { maxLength: 5 })
      .map(parts => parts.join('')),
  )
  .map(name => Buffer.from(name.replaceAll('\0', '')).subarray(0, 15).toString())

const argument = fc.string({ unit: 'binary' }).map(text => text.replaceAll('\0', '/proc/1/cmdline:'))

/** As `grep -aH ''` prints it: every line with the file's name before it. */
const statOf = (pid: number, name: string): string =>
  `${pid} (${name}) S 5 ${'0 '.repeat(17)}123456 0 0\n`.replace(/[^\n]*\n/g, line => `/proc/${pid}/stat:${line}`)
