/** How a step ended. */
import type { HostService } from '../model/catalog.js'
import { type JournalError, journalErrorInWords } from '../model/journal.js'
import type { PlannedPlay, StepId } from '../model/plan.js'
import { type Reason, reason } from '../model/reason.js'
import type { Verdict } from '../model/verdict.js'

export type Outcome =
  /** `now` says in words how it is. */
  | Readonly<{ _tag: 'Done'; changed: boolean; now: string; found: Verdict | null }>
  | (Readonly<{ _tag: 'Failed'; wayOut: string | null; output: string | null }> & Reason)
  | (Readonly<{ _tag: 'Unreachable' }> & Reason)
  /** Another run holds the host; nothing was done. */
  | (Readonly<{ _tag: 'Locked'; wayOut: string }> & Reason)
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

/** A text is steward's own, as is every way out. */
export const failed = (why: string | Reason, wayOut: string | null = null, output: string | null = null): Outcome => ({
  _tag: 'Failed',
  ...reason`${why}`,
  wayOut,
  output,
})

export const unreachable = (why: string | Reason): Outcome => ({ _tag: 'Unreachable', ...reason`${why}` })

/** The way out of what only the service itself can explain. */
export const seeLog = ({ logs }: Pick<HostService, 'logs'>): string =>
  logs.length > 0 ? 'see its log' : 'name its log in the catalog, and what it says is shown here'
