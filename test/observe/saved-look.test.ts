import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { bareRequest } from '../../lib/observe/probe.js'
import { readSavedLook, writeSavedLook } from '../../lib/observe/saved-look.js'
import { describe } from '../helpers/test.js'
import { framed } from '../model/frames.js'
import { capture } from './captures.js'
import { leftOf, rightOf } from './either.js'

const nonce = '0123456789abcdef'.repeat(2)
const sections = [
  { name: 'host', tool: 'sh', code: 0, body: 'uid 0\nshell 99\nuptime 9\n' },
  { name: 'ps', tool: 'ps', code: 0, body: capture('ps-procps') },
]
const saved = writeSavedLook({
  host: 'km1' as HostName,
  takenAtMs: 7,
  nonce,
  request: bareRequest,
  output: `banner\n${framed(nonce, sections)}`,
})

describe('a saved look', test => {
  test('is judged as if it had just been taken, by the time it was', () => {
    const { host, takenAtMs, processes } = rightOf(readSavedLook(saved))
    assert.equal([host, takenAtMs, processes._tag], ['km1', 7, 'Seen'])
  })

  test('that is cut, or is something else, is refused with the reason', () => {
    assert.match(leftOf(readSavedLook(saved.slice(0, -5))), 'cut short')
    for (const text of ['', 'hello\n', saved.slice(10), saved.replace('steward-look 1', 'steward-look 2')])
      assert.match(leftOf(readSavedLook(text)), 'does not begin as what `steward probe` prints')
  })

  test('never takes a host that is no name, nor a nonce that is none', () => {
    assert.ok(E.isLeft(readSavedLook(saved.replace('"km1"', '"-oProxyCommand=x"'))))
    assert.ok(E.isLeft(readSavedLook(saved.replace(`"${nonce}"`, '""'))))
  })

  test('never throws, whatever is in it', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void readSavedLook(`steward-look 1 ${text}`))))
})
