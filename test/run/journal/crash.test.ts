import * as assert from 'uvu/assert'
import { describe } from '../../helpers/test.js'
import { crashAtEveryBoundary, crashAtRandom } from './crashes.js'

const runs = Number(process.env['STEWARD_RUNS'] ?? 12)
const seed = Number(process.env['STEWARD_SEED'] ?? Date.now() % 1_000_000)

describe('a journal whose keeper is killed', test => {
  test(
    `holds all that was confirmed, and at most one torn record more, at any moment`,
    () => crashAtRandom(runs, seed),
    { timeoutMs: 20_000 + runs * 2_000 },
  )

  test(
    'does so before and half way through each operation on the disk',
    async () => {
      const boundaries = await crashAtEveryBoundary()
      assert.ok(boundaries >= 14, `it died at ${boundaries} operations only`)
    },
    { timeoutMs: 120_000 },
  )
})
