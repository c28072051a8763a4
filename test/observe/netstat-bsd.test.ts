import * as assert from 'uvu/assert'
import { parseNetstat } from '../../lib/observe/netstat.js'
import { describe } from '../helpers/test.js'
import { capture } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('netstat of the BSDs', test => {
  test('of FreeBSD tells every listening socket, and no owner', () =>
    assert.equal(shown(capture('netstat-freebsd')), [
      '127.0.0.1 25 null',
      '2001:db8:1:2:3:4:5:4444 53 null',
      'fe80::1 123 null',
      '* 80 null',
    ]))

  test('of macOS tells owners, whatever their names hold', () => {
    assert.equal(shown(capture('netstat-macos')), ['127.0.0.1 4242 2415', '* 2013 742', '::1 631 null'])
    assert.equal(shown(capture('netstat-macos-old')), ['* 8082 70902'])
  })

  test('of macOS leaves an owner unknown when the columns do not fit the header', () => {
    const odd = capture('netstat-macos').replaceAll(' 000000\n', '\n')
    assert.equal(shown(odd), ['127.0.0.1 4242 null', '* 2013 null', '::1 631 null'])
  })

  test('with the addresses of sockets in front is read too', () => {
    const row = '7fb03cb94d505aed cedd0cbf tcp4       0      0  '
    assert.equal(shown(`${withAddresses}${row}*.80               *.*                LISTEN\n`), ['* 80 null'])
    assert.match(refused(`${withAddresses}${row}192.168.1.221.5486 *.*                LISTEN\n`), 'may have been cut')
  })

  test('is refused when a listening address may have been cut', () => {
    for (const address of ['2001:db8:1:2:3:4:5:444', '2600:1700:bab0::d.5', 'fe80::1234:56789.80'])
      assert.match(refused(narrow(address)), 'may have been cut', address)
    assert.equal(shown(narrow('fe80::1%lo0.123')), ['fe80::1 123 null'])
    assert.equal(shown(narrow('255.255.255.255.65535')), ['255.255.255.255 65535 null'])
  })

  test('with names instead of numbers says how it has to be run', () => {
    for (const address of ['*.ssh', 'localhost.smtp', 'localhost.25'])
      assert.match(refused(narrow(address)), 'run with -n', address)
  })

  test('that does not show states, or what listens, says so', () => {
    const without = capture('netstat-freebsd').replace(' (state)', '')
    assert.match(refused(without), 'no states')
    assert.equal(shown(without.replace(/^tcp.*\n/gm, '')), [])
    assert.match(refused(capture('netstat-freebsd').replace(' (including servers)', '')), 'does not show what listens')
  })

  test('that says its table changed meanwhile is refused', () =>
    assert.match(refused(`${narrow('*.80')}Some tcp sockets may have been created.\n`), 'no socket'))
})

const withAddresses = `Active Internet connections (including servers)
Socket           Flowhash Proto Recv-Q Send-Q  Local Address      Foreign Address    (state)
`

const narrow = (address: string): string => `Active Internet connections (including servers)
Proto Recv-Q Send-Q Local Address          Foreign Address        (state)
tcp6       0      0 ${address.padEnd(22)} *.*                    LISTEN
`

const shown = (text: string): readonly string[] =>
  rightOf(parseNetstat(text)).map(({ address, port, owners }) => `${address} ${port} ${owners}`)

const refused = (text: string): string => leftOf(parseNetstat(text))
