/** From what was read to everything a run needs to know before it connects; the mistakes of all files together. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TH from 'fp-ts/lib/These.js'
import { withExtraVars } from '../decide/extra-vars.js'
import { narrow } from '../decide/narrow.js'
import type { BecomeWish } from '../model/become.js'
import type { HostPattern, Inventory } from '../model/inventory.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { Template } from '../model/template.js'
import { openSurvey, strictly, surveyOf } from '../read/document.js'
import { readExtraVars } from '../read/extra-vars.js'
import type { Files } from '../read/files.js'
import { readLimitPattern } from '../read/limit.js'
import type { PatternMistake } from '../read/pattern.js'

/** What is said beside the files themselves. */
export type Given = Readonly<{
  files: Files
  limit?: string
  /** Only these hosts of the limit. */
  only?: readonly string[]
  extraVars?: readonly string[]
  become?: BecomeWish<Template>
}>

/** How what was read becomes what should be so on each host. */
export type Expand<A> = (read: A, inventory: Inventory, limit: HostPattern | null) => E.Either<InputProblems, Expansion>

/** Where something can be read in spite of mistakes it is expanded too, for the sake of the mistakes found there. */
export const expandInput = <A>(
  survey: TH.These<InputProblems, A>,
  surveyedInventory: TH.These<InputProblems, Inventory>,
  expand: Expand<A>,
  given: Given,
): E.Either<InputProblems, Expansion> => {
  const { files } = given
  const inventory = openSurvey(surveyedInventory)
  const read = openSurvey(survey)
  const limit = readLimit(files, given.limit)
  const extra = readExtraVars(files, given.extraVars ?? [])
  const wrongOptions = [limit, extra].flatMap(option => (E.isLeft(option) ? option.left : []))
  const before = [...inventory.problems, ...read.problems, ...wrongOptions]
  if (inventory.value === null || read.value === null) return strictly(surveyOf<Expansion>(before, null))
  const withExtra = E.isRight(extra) ? withExtraVars(inventory.value, extra.right) : inventory.value
  const narrowed = E.isRight(limit) ? narrow(limit.right, given.only, inventory.value) : E.right(null)
  if (E.isLeft(narrowed)) return strictly(surveyOf<Expansion>([...before, ...narrowed.left], null))
  const book = given.become === undefined ? withExtra : { ...withExtra, become: given.become }
  const expansion = expand(read.value, book, narrowed.right)
  const found = E.isLeft(expansion) ? expansion.left : nothingIn(expansion.right, given)
  const mine = inventory.problems.length > 0 ? found.filter(isCertain) : found
  return strictly(surveyOf([...before, ...mine], E.isRight(expansion) ? expansion.right : null))
}

/** A limit that leaves nothing is a slip: it would pass for work that was done. */
const nothingIn = ({ plays, routes }: Expansion, { limit, only }: Given): readonly InputProblem[] => {
  const isEmpty = plays.every(({ desired, prerequisites }) => desired.length + prerequisites.length === 0)
  if ((limit === undefined && only === undefined) || plays.length === 0 || !isEmpty || routes.size > 0) return []
  return [
    {
      _tag: 'BadUsage',
      reason: `no service of it lives on the hosts of ${only === undefined ? `the limit ${limit}` : '--retry'}`,
    },
  ]
}

/** With part of the inventory unread, what seems not to be there may only not have been read. */
const isCertain = ({ _tag }: InputProblem): boolean =>
  _tag !== 'UndefinedVariable' && _tag !== 'UnknownHost' && _tag !== 'Nowhere'

const readLimit = (files: Files, text: string | undefined): E.Either<InputProblems, HostPattern | null> => {
  if (text === undefined) return E.right(null)
  const limit = readLimitPattern(files, text)
  return E.isRight(limit) ? limit : problemsOf(limit.left)
}

export const problemsOf = (mistakes: readonly PatternMistake[]): E.Either<InputProblems, never> => {
  const [first, ...rest] = mistakes.map(({ problem }) => problem)
  if (first === undefined) throw new Error('a pattern was refused without a reason')
  return E.left([first, ...rest])
}
