/** How a step ended. */
import { type JournalError, journalErrorInWords } from '../model/journal.js'
import type { PlannedPlay, StepId } from '../model/plan.js'
import type { Verdict } from '../model/verdict.js'

export type Outcome =
  /** `now` says in words how it is. */
  | Readonly<{ _tag: 'Done'; changed: boolean; now: string; found: Verdict | null }>
  | Readonly<{ _tag: 'Failed'; why: string; wayOut: string | null; output: string | null }>
  | Readonly<{ _tag: 'Unreachable'; why: string }>
  /** Another run holds the host; nothing was done. */
  | Readonly<{ _tag: 'Locked'; why: string; wayOut: string }>
  | Readonly<{ _tag: 'Skipped'; because: string }>

/** A play that is over, or a batch of it: `number` is the play's, from 0. */
export type EndedPlay = Readonly<{ number: number; planned: PlannedPlay; outcomes: ReadonlyMap<StepId, Outcome> }>

export const isGood = (outcome: Outcome): boolean => outcome._tag === 'Done'

/** Without its intent on disk no act is begun: should we end, nobody would know of it. */
export const notWritten = (error: JournalError): Outcome =>
  failed(
    `nothing was done, as it could not be written down first: ${journalErrorInWords(error)}`,
    'make room, then run this again',
  )

export const failed = (why: string, wayOut: string | null = null, output: string | null = null): Outcome => ({
  _tag: 'Failed',
  why,
  wayOut,
  output,
})
