import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { canonicalAddress, splitAddress, splitDottedAddress } from '../../lib/model/address.js'
import { parseListenAddress } from '../../lib/model/listen-address.js'
import { describe } from '../helpers/test.js'

describe('an address', test => {
  test('is * however "any address" is written', () => {
    for (const text of ['*', '0.0.0.0', '::', '[::]', '0:0:0:0:0:0:0:0', '0000::0000', '::ffff:0.0.0.0', '::%lo'])
      assert.is(canonicalAddress(text), '*', text)
  })

  test('is IPv4 when it is IPv4 inside IPv6', () => {
    for (const text of ['10.0.0.1', '::ffff:10.0.0.1', '::FFFF:0a00:1', '[::ffff:10.0.0.1]', '0:0:0:0:0:ffff:a00:1'])
      assert.is(canonicalAddress(text), '10.0.0.1', text)
  })

  test('is in its shortest form', () => {
    assert.is(canonicalAddress('2001:0DB8:0000:0000:0001:0000:0000:0001'), '2001:db8::1:0:0:1')
    assert.is(canonicalAddress('0000:0000:0000:0000:0000:0000:0000:0001'), '::1')
  })

  test('is without the zone, before the bracket or after it', () => {
    assert.is(canonicalAddress('127.0.0.1%lo'), '127.0.0.1')
    for (const text of ['fe80::1%eth0', '[fe80::1%eth0]', '[fe80::1]%eth0'])
      assert.is(canonicalAddress(text), 'fe80::1', text)
  })

  test('is none where a part is missing or too large', () => {
    for (const text of [
      '',
      '1.2.3',
      '1.2.3.256',
      '01.1.1.1',
      '010.1.1.1',
      '1:2:3',
      '2001:db8:aaaa:bbbb',
      '::g',
      '[::1',
      'localhost',
      '%lo',
      '1::2::3',
    ])
      assert.is(canonicalAddress(text), null, text)
  })

  test('stays as it is when it is written again', () =>
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => {
        const address = canonicalAddress(text)
        assert.is.not(address, null)
        assert.is(canonicalAddress(address ?? ''), address)
      }),
    ))

  test('never throws on any text', () =>
    fc.assert(fc.property(anyText, text => void [splitAddress(text), canonicalAddress(text)])))
})

describe('an address with its port', test => {
  test('as BSD and Solaris write it ends at the last dot', () => {
    assert.equal(splitDottedAddress('127.0.0.1.25'), { address: '127.0.0.1', port: 25 })
    assert.equal(splitDottedAddress('*.80'), { address: '*', port: 80 })
    assert.equal(splitDottedAddress('::1.631'), { address: '::1', port: 631 })
    assert.equal(splitDottedAddress('fe80::1%vlan0.5.123'), { address: 'fe80::1', port: 123 })
    for (const text of ['127.0.0.1', '*.*', '*.ssh', '.80', '*']) assert.is(splitDottedAddress(text), null, text)
  })

  test('is declared in any of the usual ways', () => {
    for (const text of ['80', '*:80', '0.0.0.0:80', '[::]:80'])
      assert.equal(parseListenAddress(text), { address: null, port: 80 }, text)
    assert.equal(parseListenAddress('[fe80::1%eth0]:80'), { address: 'fe80::1', port: 80 })
    for (const text of ['fe80::1:80', '[::1]', '*', '*:', '[fe80::1%]:80', '[*]:80', '1.2.3.4%lo:80'])
      assert.is(parseListenAddress(text), null, text)
  })

  test('ends at the last colon', () => {
    assert.equal(splitAddress(':::2013'), { address: '*', port: 2013 })
    assert.equal(splitAddress('[::1]:631'), { address: '::1', port: 631 })
    assert.equal(splitAddress('127.0.0.1%lo:53'), { address: '127.0.0.1', port: 53 })
    assert.equal(splitAddress('[fe80::1]%eth0:53'), { address: 'fe80::1', port: 53 })
    assert.equal(splitAddress('*:80'), { address: '*', port: 80 })
  })

  test('is none without a port from 0 to 65535', () => {
    for (const text of ['::1', '127.0.0.1', '*:*', '*:ssh', '*:65536', '*:1e3', '*:-1', '*: 80'])
      assert.is(splitAddress(text), null, text)
  })
})

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0f:.%[]*') }))
