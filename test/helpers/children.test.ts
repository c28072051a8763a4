import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as assert from 'uvu/assert'
import { endWithUs, withChildren } from './children.js'
import { describe } from './test.js'

describe('a test that is given up', test => {
  test('takes the programs with it that it has begun, and no other', async () => {
    const begin = () => {
      const child = spawn('sleep', ['600'])
      endWithUs(child)
      return once(child, 'exit')
    }
    const [given, other] = [withChildren(begin), withChildren(begin)]
    given.giveUp()
    assert.equal(await given.outcome, [null, 'SIGKILL'])
    assert.is(await Promise.race([other.outcome, 'lives']), 'lives')
    other.giveUp()
    assert.equal(await other.outcome, [null, 'SIGKILL'])
  })
})
