/** Watches exactly these processes go, and escalates only as declared, each signal proved on the host. */
import * as E from 'fp-ts/lib/Either.js'
import type { SignalResult } from '../act/signal.js'
import { stillThere } from '../decide/verify.js'
import type { Escalation } from '../model/catalog.js'
import { journalErrorInWords } from '../model/journal.js'
import type { Observation } from '../model/observation.js'
import type { Watched } from '../model/plan.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import { processInWords } from '../model/words.js'
import { intendedSignal } from './journal/entries.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

/** Waits `patienceMs` for them to go by themselves before anything is sent. */
export const endProcesses = async (
  context: StepContext,
  watch: readonly Watched[],
  escalation: readonly Escalation[],
  patienceMs: number,
): Promise<Watching> => {
  const watched = await watchThemGo(context, watch, context.clock.now() + patienceMs)
  return watched.left.length > 0 ? escalate(context, escalation, watched) : watched
}

/** A killed process is gone at once, but for one in the kernel's uninterruptible sleep. */
const afterSignalsMs = 5_000

/** Who is left of those that have to go, by the last look that could be had. */
export type Watching = Readonly<{
  left: readonly Watched[]
  observation: Observation | null
  /** Why the last look failed; null if it did not. */
  lost: string | null
  notes: readonly string[]
}>

const watchThemGo = async (context: StepContext, watch: readonly Watched[], untilMs: number): Promise<Watching> => {
  const { step, session, clock, emit } = context
  const next = pace(clock)
  let now: Watching = { left: watch, observation: null, lost: null, notes: [] }
  while (now.left.length > 0 && (await next(untilMs))) {
    const look = await session.look()
    if (E.isLeft(look)) {
      now = { ...now, lost: remoteErrorInWords(look.left) }
      continue
    }
    const left = stillThere(watch, look.right)
    if (left.length > 0 && left.length !== now.left.length) {
      emit({ _tag: 'StepWaited', id: step.id, for: `${left.length} of ${watch.length} processes to go` })
    }
    now = { left, observation: look.right, lost: null, notes: [] }
  }
  return now
}

const escalate = async (context: StepContext, escalation: readonly Escalation[], from: Watching): Promise<Watching> => {
  let now = from
  const notes: string[] = []
  for (const stage of escalation) {
    if (now.left.length === 0) break
    if (stage._tag === 'Pause') now = await watchThemGo(context, now.left, context.clock.now() + stage.ms)
    else notes.push(...(await signalAll(context, stage.name, now)))
  }
  const last = now.left.length > 0 && escalation.length > 0
  const end = last ? await watchThemGo(context, now.left, context.clock.now() + afterSignalsMs) : now
  return { ...end, notes }
}

/** Says of every process that was not signalled why it was not. */
const signalAll = async (
  { step, session, emit, journal }: StepContext,
  name: string,
  { left, observation }: Watching,
): Promise<readonly string[]> => {
  const seen = observation ?? rightOf(await session.look())
  if (seen === null) return [`; no ${name} was sent, as the host could not be looked at`]
  const targets = stillThere(left, seen)
  const intent = await journal.append(
    intendedSignal(
      step,
      name,
      targets.map(({ process }) => process.pid),
    ),
  )
  if (E.isLeft(intent))
    return [`; no ${name} was sent, as it could not be written down first: ${journalErrorInWords(intent.left)}`]
  const onLock = (what: string) => emit({ _tag: 'StepWaited', id: step.id, for: `the lock of ${step.host}: ${what}` })
  const results = await session.signal(name, seen.bootId, targets, onLock)
  if (E.isLeft(results)) return [`; whether ${name} arrived is not known: ${results.left}`]
  for (const { pid, outcome } of results.right) {
    if (outcome === 'sent') emit({ _tag: 'SignalSent', id: step.id, signal: name, pid, process: nameOf(pid, left) })
  }
  return results.right.flatMap(({ pid, outcome }) => noteOn(outcome, pid, name) ?? [])
}

const nameOf = (pid: number, left: readonly Watched[]): string =>
  left.flatMap(({ process }) => (process.pid === pid ? [processInWords(process)] : []))[0] ?? `pid ${pid}`

const noteOn = (outcome: SignalResult['outcome'], pid: number, name: string): string | null => {
  switch (outcome) {
    case 'sent':
    case 'gone':
      return null
    case 'another':
      return `; pid ${pid} is not the process that was seen: no ${name} was sent to it`
    case 'unproved':
      return `; pid ${pid} cannot be proved to be the process that was seen: no ${name} was sent to it`
    case 'refused':
      return `; pid ${pid} is one that steward never signals`
  }
}

const rightOf = <A>(either: E.Either<unknown, A>): A | null => (E.isRight(either) ? either.right : null)
