import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { parseSockstat } from '../../lib/observe/sockstat.js'
import { describe } from '../helpers/test.js'
import { capture } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('sockstat', test => {
  test('tells every listening socket and its owner', () => assert.equal(shown(capture('sockstat')), whole))

  test('without a header, and with more columns, tells the same', () => {
    assert.equal(shown(capture('sockstat').replace(/^USER.*\n/m, '')), whole)
    assert.equal(
      shown(capture('sockstat').replaceAll('*:*\n', '*:*                             LISTEN  freebsd\n')),
      whole,
    )
  })

  test('leaves out a socket that is bound alone', () =>
    assert.equal(shown('root x 7 3 tcp4 *:80 *:* CLOSED\nroot x 7 3 tcp4 *:* *:*\nroot x 7 4 udp4 *:53 *:*\n'), []))

  test('knows an owner whatever it calls itself', () => {
    for (const name of ['1 3 tcp4 *', 'x 1 2 tcp6', 'tcp4', '?', '1', 'a  b'])
      assert.equal(shown(`root     ${name} 614   3  tcp4   *:22 *:*\n`), ['* 22 614'], name)
  })

  test('is refused when it shows names, nothing, or a line that is no socket', () => {
    assert.match(leftOf(parseSockstat('root sshd 614 3 tcp4 *:ssh *:*\n')), 'run with -n')
    assert.match(leftOf(parseSockstat('\n')), 'nothing')
    assert.match(leftOf(parseSockstat('root sshd 614 3 tcp4 *:22\n')), 'no socket')
    assert.match(leftOf(parseSockstat('root sshd 3 tcp4 *:22 *:*\n')), 'no socket')
  })

  test('never throws on any text', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void parseSockstat(`root ${text} 7 3 tcp4 *:1 *:*`))))
})

const whole = ['* 22 614', '* 22 614', '* 2013 10614', '127.0.0.1 25 901', 'fe80::1 123 777', '127.0.0.1 9000 null']

const shown = (text: string): readonly string[] =>
  rightOf(parseSockstat(text)).map(({ address, port, owners }) => `${address} ${port} ${owners}`)
