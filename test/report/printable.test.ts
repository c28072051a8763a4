import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { printable, printableLines } from '../../lib/report/printable.js'
import { wrapped } from '../../lib/report/wrap.js'
import { describe } from '../helpers/test.js'

describe('text from a host', test => {
  test('cannot move the cursor, colour the screen or ring the bell', () =>
    assert.is(printable('\u001b[2J\u0007\rfine'), '\\u{1b}[2J\\u{7}\\u{d}fine'))

  test('cannot turn the direction of reading or hide letters', () =>
    assert.is(printable('a\u202eb\u200bc\ufeff'), 'a\\u{202e}b\\u{200b}c\\u{feff}'))

  test('cannot hide in letters that show nothing, or cover others with piles of marks', () => {
    assert.is(printable('a\u3164b\u034fc\u{e0100}'), 'a\\u{3164}b\\u{34f}c\\u{e0100}')
    assert.is(printable(`o${'\u0301'.repeat(6)}`), `o${'\u0301'.repeat(4)}\\u{301}\\u{301}`)
  })

  test('stays as it is where it is harmless', () =>
    assert.is(printable('Zürich 東京 ที่ี {{ x }} $(y)'), 'Zürich 東京 ที่ี {{ x }} $(y)'))

  test('takes no longer than its length, whatever is in it', () => {
    const startMs = performance.now()
    printableLines(`${'\n'.repeat(200_000)}x`)
    printable('\u0301'.repeat(200_000))
    wrapped(`x${' '.repeat(200_000)}`, 80)
    assert.ok(performance.now() - startMs < 5000)
  })

  test('never holds a control or format character, whatever it held before', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(printable(text))),
    ))

  test('keeps its lines where it is a text of several', () =>
    assert.equal(printableLines('one\r\n\ttwo\u001b\n\n'), ['one', '    two\\u{1b}']))
})
