/** From what a run does to what is written down of it; never what a host printed, which may hold anything. */
import type { AfterMoment } from '../../model/catalog.js'
import type { Recap } from '../../model/event.js'
import type { ExitCode } from '../../model/exit-code.js'
import type { JournalEntry } from '../../model/journal.js'
import type { HostName } from '../../model/names.js'
import type { Launch, Plan, Step } from '../../model/plan.js'
import type { Reason } from '../../model/reason.js'
import type { Verdict } from '../../model/verdict.js'
import { verdictByPids } from '../../model/words.js'
import type { Outcome } from '../outcome.js'

export const planMade = ({ plays }: Plan): JournalEntry => ({
  _tag: 'PlanMade',
  plays: plays.map(({ name, steps }) => ({
    name,
    steps: steps.map(({ id, host, service, desired, found, action }) => {
      return { id, host, service, desired, found: found?._tag ?? null, action: action._tag }
    }),
  })),
})

export const intendedLaunch = ({ id, host }: Step, launches: readonly Launch[]): JournalEntry => ({
  _tag: 'Intended',
  id,
  host,
  act: { _tag: 'Launch', launches },
})

export const intendedHook = ({ id, host }: Step, hook: Launch): JournalEntry => ({
  _tag: 'Intended',
  id,
  host,
  act: { _tag: 'Hook', launches: [hook] },
})

export const notBegun = ({ id }: Step): JournalEntry => ({ _tag: 'NotBegun', id })

export const intendedSignal = ({ id, host }: Step, signal: string, pids: readonly number[]): JournalEntry => ({
  _tag: 'Intended',
  id,
  host,
  act: { _tag: 'Signal', signal, pids },
})

export const notSeen = (host: HostName, { own }: Reason): JournalEntry => ({ _tag: 'NotSeen', host, words: own })

export const hooksDue = ({ id }: Step, moments: readonly AfterMoment[]): JournalEntry => ({
  _tag: 'HooksDue',
  id,
  moments,
})

export const hooksDone = ({ id }: Step, moment: AfterMoment): JournalEntry => ({ _tag: 'HooksDone', id, moment })

/** What reasons quote of a host, arguments of its processes or lines of its files, is for the terminal alone. */
export const concluded = ({ id }: Step, outcome: Outcome): JournalEntry => {
  switch (outcome._tag) {
    case 'Done':
      return { _tag: 'Concluded', id, outcome: outcome.changed ? 'changed' : 'ok', words: wordsOf(outcome.found) }
    case 'Failed':
    case 'Locked':
      return {
        _tag: 'Concluded',
        id,
        outcome: 'failed',
        words: outcome.own,
        ...(outcome.wayOut === null ? {} : { wayOut: outcome.wayOut }),
      }
    case 'Unreachable':
      return { _tag: 'Concluded', id, outcome: 'unreachable', words: outcome.own }
    case 'Skipped':
      return { _tag: 'Concluded', id, outcome: 'skipped', words: outcome.because }
  }
}

const wordsOf = (found: Verdict | null): string => (found === null ? '' : verdictByPids(found))

export const runClosed = (recap: Recap, exitCode: ExitCode): JournalEntry => ({
  _tag: 'RunClosed',
  recap: [...recap].map(([host, counts]) => ({ host, ...counts })),
  exitCode,
})
