import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { fuzzParsers } from './mutations.js'
import { subjects } from './subjects.js'

/** `STEWARD_SEED` and `STEWARD_RUNS` repeat a failure, or try more. */
const numberFrom = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)

describe('damaged and hostile tables', test => {
  test(
    'are read as they are, or not at all',
    () => {
      const runs = numberFrom('STEWARD_RUNS', 5_000)
      const result = fuzzParsers({ seed: numberFrom('STEWARD_SEED', 1), runs })
      // A parser that refuses everything would pass, too.
      if (runs >= 1_000) assert.ok(result.read > runs / 3, JSON.stringify(result))
    },
    { timeoutMs: 1_800_000 },
  )

  test('begin with tables that are read whole', () => {
    for (const { name, head, rows, read, itself } of subjects) {
      assert.ok((read([...head, ...rows, ''].join('\n'))?.length ?? 0) > 0, name)
      if (itself !== null)
        assert.ok(
          rows.some(row => itself.test(row)),
          `${name} has no name to change`,
        )
    }
  })
})
