import * as assert from 'uvu/assert'
import { parsePs } from '../../lib/observe/ps.js'
import { parseSs } from '../../lib/observe/ss.js'
import { describe } from '../helpers/test.js'
import { rightOf } from './either.js'
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

  test('of two thousand rows are read in 30 milliseconds together', () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => i + 1)
    const ps = rows.map(i => `${i} 1 0 S 10:00 Tue Nov 24 23:28:31 2026 /usr/bin/java ${'-Dx=y '.repeat(40)}\n`)
    const ss = rows.map(i => `LISTEN 0 128 [2001:db8::${i.toString(16)}]:${i} [::]:* users:(("java",pid=${i},fd=3))\n`)
    const tables = [`PID PPID UID STAT ELAPSED STARTED COMMAND\n${ps.join('')}`, ss.join('')] as const
    const timesMs = rows.slice(0, 10).map(() => {
      const start = performance.now()
      assert.is(rightOf(parsePs(tables[0])).length + rightOf(parseSs(tables[1])).length, 4_000)
      return performance.now() - start
    })
    // The machine may be busy: the best of ten is the parsers' own time.
    assert.ok(Math.min(...timesMs) < 30, `${timesMs}`)
  })

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
