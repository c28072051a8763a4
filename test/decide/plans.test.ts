import * as assert from 'uvu/assert'
import { wanted } from '../helpers/random.js'
import { describe } from '../helpers/test.js'
import { planAtRandom } from './plans.js'

describe('a plan of services on several hosts each', test => {
  test(
    'has no start before what it requires, wherever that is, and no stop before what requires it',
    async () => {
      const soaking = wanted(500)
      const { starts, stops, waits } = await planAtRandom(soaking)
      // A plan that does nothing would pass, too.
      if (soaking.runs >= 100) assert.ok(Math.min(starts, stops, waits) > 20, `${starts}, ${stops}, ${waits}`)
    },
    { timeoutMs: 600_000 },
  )
})
