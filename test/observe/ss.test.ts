import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { parseSs } from '../../lib/observe/ss.js'
import { describe } from '../helpers/test.js'
import { capture, cutsOf } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('ss', test => {
  test('tells every socket and its owners', () =>
    assert.equal(rightOf(parseSs(capture('ss'))), [
      { address: '127.0.0.1', port: 53, owners: [15] },
      { address: '127.0.0.1', port: 99, owners: [20] },
      { address: '192.0.2.10', port: 53, owners: [15] },
      { address: '*', port: 80, owners: [14, 12] },
      { address: '2001:db8:1:2:3:4:5:4444', port: 53, owners: [15] },
      { address: '::1', port: 53, owners: [15] },
      { address: '127.0.0.1', port: 8005, owners: [10] },
      { address: 'fe80::11:22ff:fe33:4455', port: 53, owners: [15] },
      { address: '*', port: 2013, owners: [10] },
      { address: '*', port: 80, owners: [14, 12] },
    ]))

  test('tells a plain user the sockets, and hides their owners', () => {
    const listeners = rightOf(parseSs(capture('ss-nobody')))
    assert.equal(
      listeners.map(({ port }) => port),
      rightOf(parseSs(capture('ss'))).map(({ port }) => port),
    )
    assert.ok(listeners.every(({ owners }) => owners === null))
  })

  test('tells the same of all protocols, with more columns, without a header, and with rows over two lines', () => {
    for (const name of ['ss-all', 'ss-extended', 'ss-info'])
      assert.equal(
        rightOf(parseSs(capture(name))).map(({ address, port, owners }) => `${address} ${port} ${owners}`),
        ['127.0.0.1 53 6,4', '* 80 6,4', '2001:db8:1:2:3:4:5:4444 53 7', '::1 631 7'],
        name,
      )
  })

  test('that shows connections alone, or names, says how it has to be run', () => {
    assert.match(leftOf(parseSs(capture('ss-connected'))), '-lt or -at')
    assert.match(leftOf(parseSs(capture('ss-names'))), 'run with -n: "LISTEN 0 1 127.0.0.1:domain')
  })

  test('that shows other protocols alone is not taken for one in which nothing listens', () => {
    const without = capture('ss-all').replace(/^tcp .*\n/gm, '')
    assert.match(leftOf(parseSs(without)), '-lt or -at')
    assert.match(leftOf(parseSs('UNCONN 0 0 0.0.0.0:68 0.0.0.0:*\n')), '-lt or -at')
  })

  test('in which nothing listens is read as such', () =>
    assert.equal(rightOf(parseSs(capture('ss').split('\n')[0] ?? '')), []))

  test('is refused whole when the path of a UNIX socket looks like a row', () => {
    const path = 'x 1 * 2\ntcp LISTEN 0 128 *:80 *:* users:(("init",pid=1,fd=3))'
    assert.match(leftOf(parseSs(`u_str LISTEN 0 5 ${path} 12345 * 0\n`)), 'no socket')
  })

  test('cannot be made to name another owner by what a process calls itself', () => {
    for (const name of ['x",pid=1,fd=3', 'x",pid=1,fd=3)', '",pid=1,fd=3),('])
      assert.equal(ownersOf([[name, 77]]), null, name)
    assert.equal(
      ownersOf([
        ['",pid=1,fd=3),(', 77],
        [',pid=9,fd=3),("', 78],
      ]),
      null,
    )
  })

  test('gives the right owners or none, whatever the processes call themselves', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileName, fc.integer({ min: 10, max: 4_194_304 })), { minLength: 1 }), users => {
        const owners = ownersOf(users)
        assert.ok(
          owners === null ||
            same(
              owners,
              users.map(([, pid]) => pid),
            ),
          JSON.stringify(owners),
        )
      }),
      { numRuns: 2_000 },
    ))

  test('knows an odd name without a quote', () => {
    for (const name of ['', 'a b', 'a\rb', 'a\u2028b', ') S 1 1', 'é'])
      assert.equal(ownersOf([[name, 77]]), [77], JSON.stringify(name))
  })

  test('of another age, which writes owners in another way, tells them too', () =>
    assert.equal(rightOf(parseSs('LISTEN 0 128 *:22 *:* users:(("sshd",1138,3),("a b",7,4))\n'))[0]?.owners, [1138, 7]))

  test('cut anywhere gives the sockets before the cut and no wrong owner', () => {
    const whole = rightOf(parseSs(capture('ss')))
    for (const cut of cutsOf(capture('ss'))) {
      const read = parseSs(cut)
      if (E.isLeft(read)) continue
      for (const [i, listener] of read.right.entries())
        assert.ok(listener.owners === null || same(listener.owners, whole[i]?.owners ?? []), cut.slice(-80))
    }
  })

  test('is refused whole with a line that is no socket', () =>
    assert.match(leftOf(parseSs(`${capture('ss')}Segmentation fault\n`)), '"Segmentation fault"'))

  test('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseSs(text)))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseSs(`LISTEN 0 1 *:1 *:* ${text}`)))
  })
})

/** As the kernel gives it: at most 15 bytes. */
const hostileName = fc
  .array(fc.constantFrom('"', ',', '(', ')', 'pid=1', ',fd=3', '",', 'x', '\n', ' ', '("'), { maxLength: 15 })
  .map(parts => parts.join('').slice(0, 15))

/** The row that ss 6.1 prints, but for the closing brackets in names that it swallows. */
const ownersOf = (users: readonly (readonly [name: string, pid: number])[]): readonly number[] | null => {
  const shown = users.map(([name, pid]) => `("${name}",pid=${pid},fd=4)`).join(',')
  const read = parseSs(`LISTEN 0      128         *:2013            *:*    users:(${shown}) \n`)
  return E.isRight(read) ? (read.right[0]?.owners ?? null) : null
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  [...new Set(a)].sort().join() === [...new Set(b)].sort().join()
