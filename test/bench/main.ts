/** Figures, not tests: each in pairs within one run, as machines are noisy. `npm run bench`, or with the names of some. */
import { benchInventory } from './inventory.js'
import { benchLook } from './look.js'
import { benchScale } from './scale.js'

const benches = { look: benchLook, inventory: benchInventory, scale: benchScale } as const

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`)
  process.exit(5)
}
for (const [name, bench] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) await bench()
process.exit(0)
