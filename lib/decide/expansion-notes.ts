/** What is gathered while plays are expanded. */
import * as E from 'fp-ts/lib/Either.js'
import type { Inventory } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { InputProblem, InputWarning } from '../model/problem.js'
import type { Redaction } from '../model/redact.js'
import { type Surroundings, surroundingsOf } from './expression/scope.js'
import { hostBookOf } from './hosts.js'

/** Problems do not end it, so that all mistakes are found at once. */
export type Notes = Readonly<{
  inventory: Inventory
  problems: InputProblem[]
  warnings: InputWarning[]
  /** Every host that a service should be on, also where it could not be placed there. */
  hosts: Set<HostName>
  redactions: Redaction[]
  around: Surroundings
  /** Notes the problems and goes on with what there is. */
  keep: <A>(result: E.Either<readonly InputProblem[], readonly A[]>) => readonly A[]
}>

export const notesOn = (inventory: Inventory): Notes => {
  const problems: InputProblem[] = []
  const redactions: Redaction[] = []
  return {
    inventory,
    problems,
    warnings: [],
    hosts: new Set(),
    redactions,
    around: surroundingsOf(hostBookOf(inventory), redactions),
    keep: result => {
      if (E.isRight(result)) return result.right
      for (const problem of result.left) problems.push(problem)
      return []
    },
  }
}
