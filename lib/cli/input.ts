/** From file names on the command line to everything a run needs to know before it connects. */
import * as E from 'fp-ts/lib/Either.js'
import { expandCatalog, expandPlaybook } from '../decide/expand.js'
import type { HostPattern } from '../model/inventory.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { diskFiles } from '../read/files.js'
import { readInventory } from '../read/inventory.js'
import { parsePattern } from '../read/pattern.js'
import { readCatalogs, readPlaybook } from '../read/playbook.js'

export type InputOptions = Readonly<{ inventory: string; limit?: string; shipped: string }>

/** The mistakes of all files are reported together. */
export const readRun = (playbook: string, options: InputOptions): E.Either<InputProblems, Expansion> => {
  const inventory = readInventory(diskFiles, options.inventory, options.shipped)
  const read = readPlaybook(diskFiles, playbook)
  const limit = readLimit(options.limit)
  if (E.isLeft(inventory) || E.isLeft(read) || E.isLeft(limit)) return lefts([inventory, read, limit])
  return expandPlaybook(read.right, inventory.right, limit.right)
}

export const readStatus = (catalogs: readonly string[], options: InputOptions): E.Either<InputProblems, Expansion> => {
  const inventory = readInventory(diskFiles, options.inventory, options.shipped)
  const paths = catalogs.length > 0 ? catalogs : diskFiles.yamlFilesIn(catalogFolder)
  const read = paths.length > 0 ? readCatalogs(diskFiles, paths) : E.left([noCatalog] as const)
  const limit = readLimit(options.limit)
  if (E.isLeft(inventory) || E.isLeft(read) || E.isLeft(limit)) return lefts([inventory, read, limit])
  return expandCatalog(read.right, inventory.right, limit.right)
}

/** Where `status` finds catalogs when none is named. */
const catalogFolder = 'playbooks/catalog'

const noCatalog: InputProblem = {
  _tag: 'BadUsage',
  reason: `there is no catalog in ${catalogFolder}; name one with -c FILE`,
}

const readLimit = (text: string | undefined): E.Either<InputProblems, HostPattern | null> => {
  if (text === undefined) return E.right(null)
  const pattern = parsePattern(text, null)
  return pattern === null ? E.left([{ _tag: 'BadUsage', reason: `-l ${text} is no host pattern` }]) : E.right(pattern)
}

const lefts = (results: readonly E.Either<InputProblems, unknown>[]): E.Either<InputProblems, never> => {
  const [first, ...rest] = results.flatMap(result => (E.isLeft(result) ? result.left : []))
  if (first === undefined) throw new Error('none of the results is a Left')
  return E.left([first, ...rest])
}
