import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { shared } from '../../lib/observe/text.js'
import { describe } from '../helpers/test.js'

describe('a text that many hosts print', test => {
  test('is given back as it came, whatever it is', () =>
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => assert.is(shared(text), text))))

  test('is given back as it came behind more others than are remembered', () => {
    const texts = Array.from({ length: 25_000 }, (_, i) => `-Dhost=a-long-name-of-host-${i}`)
    assert.ok([...texts, ...texts].every(text => shared(text) === text))
  })
})
