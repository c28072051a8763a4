/** Runs every test file, or those whose path holds one of the given words, and closes with the one line to read. */
import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installPackages } from './lab/packages.js'

type UvuGlobals = { UVU_DEFER?: number; UVU_INDEX?: number; UVU_QUEUE?: unknown[][] }
const globals = globalThis as typeof globalThis & UvuGlobals

const here = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)
const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.test.js') && (words.length === 0 || words.some(word => file.includes(word))))
  .sort()

// What a lab of real hosts needs, where it can be installed; where it cannot, its tests say why they are left out.
await installPackages().catch(error =>
  console.error(`the packages of the lab could not be installed: ${error.message}`),
)

// uvu starts by itself unless told to wait before it is imported.
globals.UVU_DEFER = 1
const { exec } = await import('uvu')
const { counts } = await import('./helpers/test.js')
const queue = globals.UVU_QUEUE ?? []

for (const file of files) {
  globals.UVU_INDEX = queue.length
  queue.push([file.replace(/\.js$/, '.ts')])
  await import(pathToFileURL(here + file).href)
}

await exec()

// uvu calls a run of nothing a success, and cannot know of a suite that lost its tests on the way.
const unaccounted = counts.declared - counts.passed - counts.failed - counts.skipped
if (counts.declared === 0) console.error(`no test found for: ${words.join(' ') || 'any word'}`)
if (unaccounted > 0) console.error(`${unaccounted} tests were declared and never ran`)
console.log(`${counts.passed} passed, ${counts.failed + unaccounted} failed, ${counts.skipped} skipped`)
process.exit(counts.passed === 0 || counts.failed + unaccounted > 0 ? 1 : 0)
