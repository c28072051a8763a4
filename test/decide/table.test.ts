import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ProcessTable } from '../../lib/decide/table.js'
import { describe } from '../helpers/test.js'
import { process } from './builders.js'

const word = fc.constantFrom('start', 'java', '-Dbase=km', '', 'x')
const rows = fc
  .array(fc.array(word, { maxLength: 4 }), { maxLength: 6 })
  .map(all => all.map((args, i) => process(i + 1, args)))

describe('a table of processes', test => {
  test('has for words just those that a walk through all would find, in the same order', () =>
    fc.assert(
      fc.property(rows, fc.array(word, { maxLength: 3 }), (all, words) => {
        const walked = all.filter(({ args }) => words.some(one => args.some(arg => arg === one)))
        assert.equal(new ProcessTable(all).having(words), walked)
      }),
    ))

  test('is without some of them another table, also by words and by pid', () => {
    const [one, other] = [process(1, ['a', 'start']), process(2, ['b', 'start'])]
    const table = new ProcessTable([one, other])
    const rest = table.without(new Set([one]))
    assert.equal([table.having(['start']).length, rest.having(['start']), rest.byPid.get(1)], [2, [other], undefined])
  })
})
