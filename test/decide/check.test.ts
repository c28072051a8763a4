import * as assert from 'uvu/assert'
import { clockFaults, clockSkewMs, toolFaults } from '../../lib/decide/check.js'
import { type Tool, tools } from '../../lib/model/check.js'
import { describe } from '../helpers/test.js'

describe('the clock of a host', test => {
  test('agrees where the answer may have been read at the same moment', () => {
    assert.is(clockSkewMs(100, 100_000, 100_500), 0)
    // Cut to whole seconds, and on its way for longer than it is off.
    assert.is(clockSkewMs(99, 99_900, 102_000), 0)
  })

  test('is off by what is sure, whatever the way took', () => {
    assert.is(clockSkewMs(110, 99_000, 101_000), 9_000)
    assert.is(clockSkewMs(90, 100_000, 101_000), -9_001)
  })

  test('is a fault from five seconds on, and where it cannot be read', () => {
    assert.equal(clockFaults(104, 99_000, 100_000), [])
    assert.match(clockFaults(130, 99_000, 100_000)[0]?.what ?? '', /30 s ahead/)
    assert.match(clockFaults(70, 100_000, 100_100)[0]?.what ?? '', /29 s behind/)
    assert.is(clockFaults(null, 0, 0).length, 1)
  })
})

describe('the tools of a host', test => {
  const without = (...missing: Tool[]) =>
    toolFaults(new Set(tools.filter(tool => !missing.includes(tool)))).map(({ what }) => what.split(':')[0])

  test('are no fault where another does the same', () => {
    assert.equal(without(), [])
    assert.equal(without('ps', 'netstat'), [])
    assert.equal(without('ss'), [])
  })

  test('are each told with what is lost', () => {
    assert.equal(without('proc'), ['there is no /proc that grep can read'])
    assert.equal(without('proc', 'ps'), ['there is neither /proc with grep nor ps'])
    assert.equal(without('proc', 'ss', 'netstat').length, 2)
    assert.equal(without('readlink', 'ls', 'tmp').length, 3)
  })
})
