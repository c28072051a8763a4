/** Files as they are on disk; inventories that are programs are run. */
import { resolve } from 'node:path'
import { diskFiles, type Files } from '../read/files.js'
import { isHostList } from '../read/inventory/sources.js'
import { runInventoryProgram } from '../remote/inventory-program.js'

export const ourFiles: Files = { ...diskFiles, run: runInventoryProgram() }

/** Of an inventory, as they are written down: a list of hosts is no path. */
export const absoluteSources = (sources: readonly string[]): readonly string[] =>
  sources.map(source => (isHostList(ourFiles, source) ? source : resolve(source)))
