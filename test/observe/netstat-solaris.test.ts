import * as assert from 'uvu/assert'
import { parseNetstat } from '../../lib/observe/netstat.js'
import { describe } from '../helpers/test.js'
import { capture } from './captures.js'
import { leftOf, rightOf } from './either.js'

describe('netstat of Solaris', test => {
  test('tells the listening sockets of both families', () =>
    assert.equal(shown(capture('netstat-solaris')), ['* 22 null', '127.0.0.1 25 null', '* 80 null', 'fe80::1 99 null']))

  test('with users tells each holder of a socket', () =>
    assert.equal(shown(withUsers), ['* 22 614', '* 2013 10614', '* 2013 10615', '* 111 null']))

  test('takes no other number for a pid, whatever a command is called', () => {
    assert.equal(shown(withUsers.replace('sshd   ', '1 0 0 0')), shown(withUsers))
    assert.equal(shown(withUsers.replace('sshd                0', '0 0 0 0 LISTEN      0')), shown(withUsers))
  })

  test('leaves the owner unknown when a column is blank', () => {
    assert.is(shown(withUsers.replace('root        614 sshd', '            614 7 hd'))[0], '* 22 null')
    assert.is(shown(withUsers.replace('root        614 sshd', 'root            sshd'))[0], '* 22 null')
  })

  test('that shows connections alone says how it has to be run', () =>
    assert.match(leftOf(parseNetstat(capture('netstat-solaris').replace(/^.*(LISTEN|IDLE).*\n/gm, ''))), 'run with -a'))

  test('with names or more columns than are known is refused', () => {
    assert.match(leftOf(parseNetstat(capture('netstat-solaris').replace('*.22 ', '*.ssh'))), 'run with -n')
    assert.match(leftOf(parseNetstat(capture('netstat-solaris').replace('Swind ', 'Snext '))), 'header')
  })
})

const withUsers = capture('netstat-solaris-users')

const shown = (text: string): readonly string[] =>
  rightOf(parseNetstat(text)).map(({ address, port, owners }) => `${address} ${port} ${owners}`)
