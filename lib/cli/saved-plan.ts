/** A plan that was saved, on its way to be applied. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { hashOf } from '../api/remember-inputs.js'
import type { InputFile, PastRun, RunOptions } from '../model/journal.js'
import type { StepId } from '../model/plan.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { SavedPlan } from '../model/saved-plan.js'
import { diskFiles } from '../read/files.js'
import { readSavedPlan } from '../read/saved-plan.js'
import { begunSoFar } from '../run/journal/begun.js'
import { changedInputs } from '../run/journal/resume.js'

export type Applying = Readonly<{
  path: string
  sha256: string
  plan: SavedPlan
  /** Steps that an earlier run has begun by it: what moved there moved by that. */
  begun: readonly StepId[]
}>

export const openPlan = (path: string): E.Either<InputProblems, Applying> => {
  let sha256 = ''
  const read = (file: string) =>
    E.map((text: string) => {
      sha256 = hashOf(text)
      return text
    })(diskFiles.read(file))
  return E.map((plan: SavedPlan): Applying => ({ path: resolve(path), sha256, plan, begun: [] }))(
    readSavedPlan({ read }, path),
  )
}

/** As it is written down with the run that applies it. */
export const applyingAsJournalled = (applying: Applying | null): RunOptions['more'] =>
  applying === null
    ? {}
    : {
        'saved-plan': applying.path,
        'saved-plan-sha256': applying.sha256,
        'saved-plan-begun': applying.begun,
      }

/** Of a run that is taken up again: null if it applied none. */
export const applyingFromJournal = (
  run: PastRun,
  more: RunOptions['more'],
): E.Either<InputProblems, Applying | null> => {
  const path = more['saved-plan']
  if (typeof path !== 'string') return E.right(null)
  const opened = openPlan(path)
  if (E.isLeft(opened)) return opened
  if (opened.right.sha256 !== more['saved-plan-sha256']) {
    return E.left([{ _tag: 'BadUsage', reason: `${path} is no longer the plan that ${run.runId} applied` }])
  }
  return E.right({ ...opened.right, begun: begunSoFar(run, more['saved-plan-begun']) })
}

/** A plan is of its inputs as they were: all mistakes at once; null: none has changed. */
export const inputsMoved = ({ plan, path }: Applying, now: readonly InputFile[]): InputProblems | null => {
  const changed = changedInputs(plan.options.inputs, now)
  const [first, ...rest] = changed.map(
    (change): InputProblem => ({ _tag: 'BadUsage', reason: `since ${path} was made, ${change}: plan it again` }),
  )
  return first === undefined ? null : [first, ...rest]
}
