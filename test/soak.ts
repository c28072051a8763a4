/**
 * The long checks, each with a count and a seed: `npm run test:soak`, or with the names of some. STEWARD_RUNS and
 * STEWARD_SEED override them; a failure prints the seed that repeats it.
 */
import { planAtRandom } from './decide/plans.js'
import { killControllers } from './faults/controller-kills.js'
import { misleadByNames, misleadByPidFiles } from './faults/innocents.js'
import { raceControllers } from './faults/lock-races.js'
import { reusePids } from './faults/pid-reuse.js'
import { fuzzParsers } from './observe/mutations.js'
import { applyAtRandom } from './run/estates.js'
import { crashAtRandom } from './run/journal/crashes.js'

type Soak = Readonly<{ runs: number; check: (options: Readonly<{ seed: number; runs: number }>) => unknown }>

const soaks: Readonly<Record<string, Soak>> = {
  parsers: { runs: 1_000_000, check: fuzzParsers },
  journal: { runs: 1_000, check: ({ runs, seed }) => crashAtRandom(runs, seed) },
  plans: { runs: 10_000, check: planAtRandom },
  estates: { runs: 300, check: applyAtRandom },
  'pid-reuse': { runs: 500, check: reusePids },
  'pid-files': { runs: 200, check: misleadByPidFiles },
  'spoofed-names': { runs: 50, check: misleadByNames },
  'lock-races': { runs: 100, check: raceControllers },
  'controller-kills': { runs: 1_000, check: killControllers },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(soaks, name))
if (unknown.length > 0) {
  console.error(`no soak is called ${unknown.join(', ')}; there are ${Object.keys(soaks).join(', ')}`)
  process.exit(5)
}
const { STEWARD_RUNS, STEWARD_SEED } = process.env
let failed = 0
for (const [name, { runs, check }] of Object.entries(soaks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const options = { runs: Number(STEWARD_RUNS ?? runs), seed: Number(STEWARD_SEED ?? Date.now() % 1_000_000_000) }
  const began = performance.now()
  try {
    const result = await check(options)
    const took = ((performance.now() - began) / 1000).toFixed(0)
    console.log(
      `${name}: ${options.runs} runs, seed ${options.seed}, ${took} s: passed ${JSON.stringify(result ?? {})}`,
    )
  } catch (error) {
    failed += 1
    console.error(`${name}: seed ${options.seed}: FAILED: ${error instanceof Error ? error.stack : error}`)
  }
}
process.exit(failed > 0 ? 1 : 0)
