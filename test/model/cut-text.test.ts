import * as assert from 'uvu/assert'
import { startOf, withoutCutWord } from '../../lib/model/cut-text.js'
import { describe } from '../helpers/test.js'

describe('the end of a longer text', test => {
  test('loses its first line, which may begin in the middle of a secret', () =>
    assert.is(withoutCutWord('ter2 is the password\nnext\n', 26), 'next\n'))

  test('loses its first word where it is one line', () => {
    assert.is(withoutCutWord('ter2 is it', 10), 'is it')
    assert.is(withoutCutWord('ter2 is it\n', 11), 'is it\n')
    assert.is(withoutCutWord('ter2hunter', 10), '')
  })

  test('is left as it is where nothing was cut: fewer bytes than were asked for', () => {
    assert.is(withoutCutWord('hunter2\nnext', 14), 'hunter2\nnext')
    assert.is(withoutCutWord('für\nalle', 9), 'alle')
  })
})

describe('the beginning of a longer text', test => {
  test('ends with a whole word, as a part of one may be one of a secret', () => {
    assert.is(startOf('mysql -p hunter2 shop', 14), 'mysql -p…')
    assert.is(startOf('mysql -p hunter2', 16), 'mysql -p hunter2')
  })

  test('is a part of its first word rather than nothing', () =>
    assert.is(startOf('/usr/lib/jvm/java -jar', 10), '/usr/lib/…'))
})
