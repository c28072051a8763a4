/** Figures, not tests: each in pairs within one run, as machines are noisy. `npm run bench`, or with the names of some. */
import { parseArgs } from 'node:util'
import { benchCold } from './cold.js'
import { benchFleet } from './fleet.js'
import { benchInventory } from './inventory.js'
import { benchLook } from './look.js'
import type { BenchOptions } from './options.js'
import { benchScale } from './scale.js'

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  look: benchLook,
  inventory: benchInventory,
  scale: benchScale,
  fleet: benchFleet,
  cold: benchCold,
}

const { values, positionals: wanted } = parseArgs({
  options: {
    hosts: { type: 'string' },
    rounds: { type: 'string' },
    slow: { type: 'string' },
    out: { type: 'string' },
  },
  allowPositionals: true,
})
const { out, ...numbers } = values
const options: BenchOptions = {
  ...Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)])),
  ...(out === undefined ? {} : { out }),
}
const unknown = wanted.filter(name => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(5)
}
for (const [name, bench] of Object.entries(benches))
  if (wanted.length === 0 || wanted.includes(name)) await bench(options)
process.exit(0)
