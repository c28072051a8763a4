import * as assert from 'uvu/assert'
import { wanted } from '../helpers/random.js'
import { describe } from '../helpers/test.js'
import { applyAtRandom } from './estates.js'

describe('an estate of services in part, too often or slowly there', test => {
  test(
    'has nothing done to it by a second run after one that went well, and nothing twice by any',
    async () => {
      const soaking = wanted(50)
      const { whole, acts } = await applyAtRandom(soaking)
      if (soaking.runs >= 50) assert.ok(whole > soaking.runs / 5 && acts > soaking.runs, `${whole} whole, ${acts} acts`)
    },
    { timeoutMs: 600_000 },
  )
})
