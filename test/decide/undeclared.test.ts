import * as assert from 'uvu/assert'
import { undeclaredIn } from '../../lib/decide/undeclared.js'
import type { Instance } from '../../lib/model/catalog.js'
import { describe } from '../helpers/test.js'
import { observation, pollers, process } from './builders.js'

const undeclared = (...args: readonly string[]): Instance | undefined => {
  const [found] = undeclaredIn(pollers(), [], [process(7, ['/monitor/bin/poll', ...args])], observation([]))
  return found?.[0]
}

describe('an instance that no line declares', test => {
  test('has the commands of its process, filled in with its own words', () =>
    assert.is(undeclared('Old', '1')?.start, '/monitor/bin/poll start Old 1'))

  test('has no command where one of its words would be refused in the file', () => {
    for (const word of ['--config=/tmp/evil', '../../etc/shadow', '/tmp/evil', 'a/../b'])
      assert.equal([undeclared(word, '1')?.label, undeclared(word, '1')?.start], [`${word} 1`, null])
  })
})
