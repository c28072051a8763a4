import * as assert from 'uvu/assert'
import { wanted } from '../helpers/random.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { killAtJournalBoundaries, killControllers } from './controller-kills.js'

describe('a controller that is killed', test => {
  const options = { skip: whyNoLab('hosts'), timeoutMs: 3_600_000 }

  test(
    'at any moment has lost no record and leads to no second start; one more run brings all home',
    async () => void (await killControllers(wanted(3))),
    options,
  )

  test(
    'around a sync of its journal, likewise',
    async () => {
      const kills = await killAtJournalBoundaries(6)
      assert.ok(Object.keys(kills).length > 1, JSON.stringify(kills))
    },
    options,
  )
})
