import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { parseNetstat } from '../../lib/observe/netstat.js'
import { parseSs } from '../../lib/observe/ss.js'
import { describe } from '../helpers/test.js'
import { capture, cutsOf } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('netstat', test => {
  test('of net-tools tells every socket and an owner', () =>
    assert.equal(rightOf(parseNetstat(capture('netstat'))), [
      { address: '127.0.0.1', port: 53, owners: [15] },
      { address: '127.0.0.1', port: 99, owners: [20] },
      { address: '192.0.2.10', port: 53, owners: [15] },
      { address: '*', port: 80, owners: [12] },
      { address: '2001:db8:1:2:3:4:5:4444', port: 53, owners: [15] },
      { address: '::1', port: 53, owners: [15] },
      { address: '127.0.0.1', port: 8005, owners: [10] },
      { address: 'fe80::11:22ff:fe33:4455', port: 53, owners: [15] },
      { address: '*', port: 2013, owners: [10] },
      { address: '*', port: 80, owners: [12] },
    ]))

  test('with more columns or protocols tells the same, and no more than listens', () => {
    const all = ['127.0.0.1 53 4', '* 80 4', '2001:db8:1:2:3:4:5:4444 53 7', '::1 631 7']
    assert.equal(shown('netstat-extended'), all)
    const noOwners = all.map(text => text.replace(/\d$/, 'null'))
    assert.equal(shown('netstat-busybox-all'), noOwners)
  })

  test('whose addresses may be cut is refused', () => {
    for (const name of ['netstat-narrow', 'netstat-all', 'netstat-toybox-all'])
      assert.match(leftOf(parseNetstat(capture(name))), 'may have been cut', name)
  })

  test('that shows names, connections alone or UNIX sockets alone says so', () => {
    assert.match(leftOf(parseNetstat(capture('netstat-names'))), 'run with -n: "tcp 0 0 localhost:domain')
    assert.match(leftOf(parseNetstat(capture('netstat-connected'))), 'run with -a or -l')
    assert.match(leftOf(parseNetstat(capture('netstat-all').replace(/^.*Active UNIX/s, 'Active UNIX'))), 'no Internet')
  })

  test('is refused whole when the path of a UNIX socket looks like a row', () =>
    assert.match(leftOf(parseNetstat(`${capture('netstat-busybox-all')}tcp 0 0 *:1 *:* LISTEN 1/init\n`)), 'no socket'))

  test('of toybox tells the same', () =>
    assert.equal(sorted(parseNetstat(capture('netstat-toybox'))), sorted(parseNetstat(capture('netstat')))))

  test('hides the owners from a plain user, and BusyBox without -p from everybody', () => {
    for (const name of ['netstat-nobody', 'netstat-busybox'])
      assert.equal(sorted(parseNetstat(capture(name))), withoutOwners(sorted(parseSs(capture('ss')))), name)
  })

  test('knows an owner whatever it calls itself', () => {
    for (const name of ['', '1/x', 'sshd: /usr/sb', 'a\rb', 'a\u2028b', '- -', 'x LISTEN 1/init', '\u001b[2J'])
      assert.equal(ownersOf(`77/${name}`), [77], JSON.stringify(name))
  })

  test('gives the right owner or none, whatever the process calls itself', () =>
    fc.assert(
      fc.property(hostileName, name => {
        const owners = ownersOf(`77/${name}`)
        assert.ok(owners === null || owners.join() === '77')
      }),
      { numRuns: 2_000 },
    ))

  test('shows tcp46 sockets too', () =>
    assert.equal(rightOf(parseNetstat(`${heading}tcp46 0 0 :::80 :::* LISTEN 7/x\n`))[0]?.owners, [7]))

  test('cut anywhere gives the sockets before the cut and no wrong owner', () => {
    const whole = rightOf(parseNetstat(capture('netstat')))
    for (const cut of cutsOf(capture('netstat'))) {
      const read = parseNetstat(cut)
      if (E.isLeft(read)) continue
      for (const [i, { owners }] of read.right.entries())
        assert.ok(owners === null || owners.join() === whole[i]?.owners?.join(), cut.slice(-80))
    }
  })

  test('is refused whole with a line that is no socket, or an address that was cut', () => {
    assert.match(leftOf(parseNetstat(`${capture('netstat')}Segmentation fault\n`)), '"Segmentation fault"')
    assert.match(leftOf(parseNetstat(`${heading}tcp 0 0 *:80 *:* LISTEN x1/y\n`)), 'x1/y')
    assert.match(leftOf(parseNetstat(`${heading}tcp 0 0 *:80 *:* LISTEN\n`)), 'no socket')
    assert.match(leftOf(parseNetstat(`${heading}tcp 0 0 *:80 *:* LISTE\n`)), 'no socket')
    assert.match(leftOf(parseNetstat(`${heading}tcp6 0 0 2001:db8:aaaa:bbbb:80 :::* LISTEN 7/x\n`)), 'bbbb')
  })

  test('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseNetstat(text)))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => void parseNetstat(`${heading}tcp 0 0 *:1 *:* LISTEN ${text}`)),
    )
  })
})

const heading = capture('netstat').split('\n').slice(0, 2).join('\n').concat('\n')

/** net-tools shows 20 characters of the pid and the name. */
const hostileName = fc
  .array(fc.constantFrom('\n', 'tcp', ' ', '0', ' 0 0 ', '*:1', 'LISTEN', '-', '/', '1/', '\r'), { maxLength: 19 })
  .map(parts => parts.join('').slice(0, 19 - '77/'.length))

const ownersOf = (program: string): readonly number[] | null => {
  const read = parseNetstat(
    `${heading}tcp6       0      0 :::2013                 :::*                    LISTEN      ${program}\n`,
  )
  return E.isRight(read) ? (read.right[0]?.owners ?? null) : null
}

const shown = (name: string): readonly string[] =>
  rightOf(parseNetstat(capture(name))).map(({ address, port, owners }) => `${address} ${port} ${owners}`)

type Read = ReturnType<typeof parseNetstat>

const sorted = (read: Read) =>
  rightOf(read).toSorted((a, b) => (`${a.address} ${a.port}` < `${b.address} ${b.port}` ? -1 : 1))

const withoutOwners = (listeners: ReturnType<typeof sorted>) =>
  listeners.map(listener => ({ ...listener, owners: null }))
