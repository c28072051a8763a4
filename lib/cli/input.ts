/** From file names on the command line to everything a run needs to know before it connects. */
import * as E from 'fp-ts/lib/Either.js'
import * as TH from 'fp-ts/lib/These.js'
import { expandCatalog, expandPlaybook } from '../decide/expand.js'
import type { HostPattern, Inventory } from '../model/inventory.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { openSurvey, strictly, surveyOf } from '../read/document.js'
import { diskFiles } from '../read/files.js'
import { surveyInventory } from '../read/inventory.js'
import { parsePattern } from '../read/pattern.js'
import { surveyCatalogs, surveyPlaybook } from '../read/playbook.js'

export type InputOptions = Readonly<{ inventory: string; limit?: string; shipped: string }>

/** The mistakes of all files are reported together. */
export const readRun = (playbook: string, options: InputOptions): E.Either<InputProblems, Expansion> =>
  expandAll(surveyPlaybook(diskFiles, playbook), expandPlaybook, options)

export const readStatus = (catalogs: readonly string[], options: InputOptions): E.Either<InputProblems, Expansion> => {
  const paths = catalogs.length > 0 ? catalogs : diskFiles.yamlFilesIn(catalogFolder)
  return expandAll(paths.length > 0 ? surveyCatalogs(diskFiles, paths) : TH.left([noCatalog]), expandCatalog, options)
}

type Expand<A> = (read: A, inventory: Inventory, limit: HostPattern | null) => E.Either<InputProblems, Expansion>

/** Where something can be read in spite of mistakes it is expanded too, for the sake of the mistakes found there. */
const expandAll = <A>(
  survey: TH.These<InputProblems, A>,
  expand: Expand<A>,
  options: InputOptions,
): E.Either<InputProblems, Expansion> => {
  const inventory = openSurvey(surveyInventory(diskFiles, options.inventory, options.shipped))
  const read = openSurvey(survey)
  const limit = readLimit(options.limit)
  const before = [...inventory.problems, ...read.problems, ...(E.isLeft(limit) ? limit.left : [])]
  if (inventory.value === null || read.value === null) return strictly(surveyOf<Expansion>(before, null))
  const expansion = expand(read.value, inventory.value, E.isRight(limit) ? limit.right : null)
  const found = E.isLeft(expansion) ? expansion.left : []
  const mine = inventory.problems.length > 0 ? found.filter(isCertain) : found
  return strictly(surveyOf([...before, ...mine], E.isRight(expansion) ? expansion.right : null))
}

/** With part of the inventory unread, what seems not to be there may only not have been read. */
const isCertain = ({ _tag }: InputProblem): boolean =>
  _tag !== 'UndefinedVariable' && _tag !== 'UnknownHost' && _tag !== 'Nowhere'

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
