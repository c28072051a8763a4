/**
 * Runs every test file, or those whose path holds one of the given words, and closes with the one line to read. Words
 * after a minus leave files out.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runLanes, type Total } from './helpers/lanes.js'
import { installPackages } from './lab/packages.js'

type UvuGlobals = { UVU_DEFER?: number; UVU_INDEX?: number; UVU_QUEUE?: unknown[][] }
const globals = globalThis as typeof globalThis & UvuGlobals

const here = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)

// What a lab of real hosts needs, where it can be installed; where it cannot, its tests say why they are left out.
if (process.send === undefined)
  await installPackages().catch(error =>
    console.error(`the packages of the lab could not be installed: ${error.message}`),
  )
else process.once('disconnect', () => process.exit(1))

const total = words.length === 0 ? await runLanes(fileURLToPath(import.meta.url)) : await runFiles(words)
if (process.send === undefined) {
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  process.exit(total.passed === 0 || total.failed > 0 ? 1 : 0)
}
// This process is a lane: it tells its total, and ends with whoever waits for it.
process.send(total, () => process.exit())

async function runFiles(words: readonly string[]): Promise<Total> {
  const without = words.filter(word => word.startsWith('-')).map(word => word.slice(1))
  const wanted = words.filter(word => !word.startsWith('-'))
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.test.js') && !without.some(word => file.includes(word)))
    .filter(file => wanted.length === 0 || wanted.some(word => file.includes(word)))
    .sort()

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
  if (counts.declared === 0) console.error(`no test found for: ${words.join(' ')}`)
  if (unaccounted > 0) console.error(`${unaccounted} tests were declared and never ran`)
  return { passed: counts.passed, failed: counts.failed + unaccounted, skipped: counts.skipped }
}
