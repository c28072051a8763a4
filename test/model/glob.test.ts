import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { fitsGlob } from '../../lib/model/glob.js'
import { fitsPattern, patternFault } from '../../lib/model/safe-pattern.js'
import { describe } from '../helpers/test.js'

describe('a glob', test => {
  test('fits whole words: * any text, ? one character, all else itself', () => {
    for (const [glob, word] of [
      ['*', ''],
      ['a*c', 'abbc'],
      ['a?c', 'abc'],
      ['*.base=*', '-D.base=x'],
      ['a**b', 'ab'],
    ] as const)
      assert.is(fitsGlob(glob, word), true, glob)
    for (const [glob, word] of [
      ['a', 'ab'],
      ['?', ''],
      ['a*c', 'abcd'],
      ['a.c', 'abc'],
      ['', 'a'],
    ] as const)
      assert.is(fitsGlob(glob, word), false, glob)
  })

  test('fits what a regular expression of the same meaning fits', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (glob, word) => {
        const meaning = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        return fitsGlob(glob, word) === meaning.test(word)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a pattern', test => {
  test('fits a whole word or not at all', () => {
    assert.is(fitsPattern('ap+', 'app'), true)
    assert.is(fitsPattern('ap+', 'app2'), false)
  })

  test('is done in no time with what keeps other engines busy for ever', () =>
    assert.is(fitsPattern('(a*)*b', 'a'.repeat(10_000)), false))

  test('that RE2 does not know is told, with the reason', () => {
    assert.match(patternFault('(?=x)') ?? '', 'RE2')
    assert.match(patternFault('a(') ?? '', 'RE2')
    assert.is(patternFault('^[a-z]+$'), null)
  })
})
