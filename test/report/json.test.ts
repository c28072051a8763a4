import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { toJson } from '../../lib/report/json.js'
import { describe } from '../helpers/test.js'

describe('JSON', test => {
  test('shows nothing that could act on a terminal, and is the same data', () => {
    assert.is(toJson('a\u009b2J\u007f\u202eb'), '"a\\u009b2J\\u007f\\u202eb"')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const json = toJson({ [text]: text })
        assert.match(json, /^[^\p{C}\p{Zl}\p{Zp}]*$/u)
        assert.equal(JSON.parse(json), { [text]: text })
      }),
    )
  })

  test('has maps as objects', () => assert.is(toJson(new Map([['a', 1]])), '{"a":1}'))
})
