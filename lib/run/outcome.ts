/** How a step ended. */
import type { PlannedPlay, StepId } from '../model/plan.js'
import type { Verdict } from '../model/verdict.js'

export type Outcome =
  /** `now` says in words how it is. */
  | Readonly<{ _tag: 'Done'; changed: boolean; now: string; found: Verdict | null }>
  | Readonly<{ _tag: 'Failed'; why: string; wayOut: string | null; output: string | null }>
  | Readonly<{ _tag: 'Unreachable'; why: string }>
  | Readonly<{ _tag: 'Skipped'; because: string }>

/** A play that is over. */
export type EndedPlay = Readonly<{ planned: PlannedPlay; outcomes: ReadonlyMap<StepId, Outcome> }>

export const isGood = (outcome: Outcome): boolean => outcome._tag === 'Done'

export const failed = (why: string, wayOut: string | null = null, output: string | null = null): Outcome => ({
  _tag: 'Failed',
  why,
  wayOut,
  output,
})
