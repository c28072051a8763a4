import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { joinOwners, parseNetTcp, parseSocketOwners } from '../../lib/observe/proc-sockets.js'
import { parseSs } from '../../lib/observe/ss.js'
import { describe } from '../helpers/test.js'
import { capture, cutsOf } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('/proc/net/tcp', test => {
  test('tells the same sockets as ss', () => {
    const key = ({ address, port }: { address: string; port: number }) => `${address} ${port}`
    assert.equal(
      rightOf(parseNetTcp(capture('tcp')))
        .map(key)
        .toSorted(),
      rightOf(parseSs(capture('ss')))
        .map(key)
        .toSorted(),
    )
  })

  test('tells the inode, by which their holders are found', () => {
    const sockets = rightOf(parseNetTcp(capture('tcp')))
    assert.equal(sockets[0], { address: '127.0.0.1', port: 53, inode: 534_961 })
    assert.equal(joinOwners(sockets, new Map([[534_961, [15, 16]]])).slice(0, 2), [
      { address: '127.0.0.1', port: 53, owners: [15, 16] },
      { address: '127.0.0.1', port: 99, owners: null },
    ])
    assert.is(joinOwners(sockets, null)[0]?.owners, null)
  })

  test('counts only what listens', () =>
    assert.equal(rightOf(parseNetTcp(capture('tcp').replaceAll(' 0A ', ' 01 '))), []))

  test('cut anywhere tells no socket that is not there', () => {
    const whole = rightOf(parseNetTcp(capture('tcp')))
    for (const cut of cutsOf(capture('tcp'))) {
      const read = parseNetTcp(cut)
      if (E.isRight(read)) assert.equal(read.right, whole.slice(0, read.right.length))
    }
  })

  test('is refused whole with a line that is no socket', () =>
    assert.match(leftOf(parseNetTcp('   0: 0100007F:0035 rubbish\n')), '/proc/net/tcp'))

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseNetTcp(text))))
})

describe('ls over /proc/PID/fd', test => {
  test('of GNU and BusyBox tells who holds which socket', () => {
    for (const name of ['fd-gnu', 'fd-busybox']) {
      const owners = parseSocketOwners(capture(name))
      assert.equal([owners?.get(139_406), owners?.get(139_407), owners?.get(139_062)], [[4, 6], [4, 6], [7]], name)
      assert.is(owners?.get(139_383), undefined, name)
    }
  })

  test('of toybox is not believed, as it shows names with newlines as they are', () =>
    assert.is(parseSocketOwners(capture('fd-toybox')), null))

  test('is not believed when a heading comes twice, a line is of no form, or one stands before any heading', () => {
    const whole = capture('fd-gnu')
    for (const odd of ['\n/proc/4/fd:\n', 'x\n', ' x -> socket:[1]\n', "ls: cannot open directory '/proc/1/fd'\n"])
      assert.is(parseSocketOwners(`${whole}${odd}`), null, odd)
    assert.is(parseSocketOwners(whole.slice(whole.indexOf('total'))), null)
  })

  test('takes nothing but a socket for one', () => {
    for (const target of ['/tmp/socket:[7]', 'socket:[7] (deleted)', 'socket:[7]x', 'x -> socket:[7]', 'socket:[]'])
      assert.equal(parseSocketOwners(`/proc/1/fd:\ntotal 0\n${entry(target)}`)?.size, 0, target)
  })

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseSocketOwners(`/proc/1/fd:\n${text}`))))
})

const entry = (target: string): string => `lrwx------ 1 0 0 64 Nov 24 23:10 3 -> ${target}\n`
