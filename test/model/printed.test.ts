import * as assert from 'uvu/assert'
import { lastLines, printedOf } from '../../lib/model/printed.js'
import { describe } from '../helpers/test.js'

describe('what a command printed', test => {
  test('is shown as it is where nothing of it is left out', () =>
    assert.is(lastLines(printedOf('one\ntwo\n', 100, 2), 2), 'one\ntwo'))

  test('loses the line that its end begins in the middle of, and says how many lines came before', () =>
    assert.is(lastLines(printedOf('ne\ntwo\nthree\n', 13, 1_234)), '… 1,232 lines before that\ntwo\nthree'))

  test('is shown by its last lines alone', () =>
    assert.is(lastLines(printedOf('one\ntwo\nthree', 100, null), 2), '… 1 line before that\ntwo\nthree'))

  test('is marked as a part where nobody has counted its lines, or where it is of one line', () => {
    assert.is(lastLines(printedOf('ne\ntwo\n', 7, null)), '…two')
    assert.is(lastLines(printedOf('ter2 is the end', 15, 0)), '…is the end')
    assert.is(lastLines(printedOf('ter2 is the end\n', 16, 3)), '… 2 lines before that\n…is the end')
  })
})
