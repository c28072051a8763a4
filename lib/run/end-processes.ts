/** Watches exactly these processes go, and escalates only as declared, each signal proved on the host. */
import * as E from 'fp-ts/lib/Either.js'
import type { SignalResult } from '../act/signal.js'
import { stillThere } from '../decide/verify.js'
import type { Escalation } from '../model/catalog.js'
import type { Observation } from '../model/observation.js'
import type { Watched } from '../model/plan.js'
import { quoting, type Reason, reason } from '../model/reason.js'
import { remoteErrorReason } from '../model/remote-error.js'
import { processInWords } from '../model/words.js'
import { lockedOutcome } from './commands.js'
import { intendedSignal, notBegun } from './journal/entries.js'
import { notWritten, type Outcome, unreachable } from './outcome.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

/**
 * Waits `patienceMs` for them to go by themselves before anything is sent; `holdBack` is asked meanwhile whether there is a
 * reason to end it and send nothing. A stage that could not be carried out ends it: none that is declared after it may be sent.
 */
export const endProcesses = async (
  context: StepContext,
  watch: readonly Watched[],
  escalation: readonly Escalation[],
  patienceMs: number,
  holdBack: () => Outcome | null = () => null,
): Promise<Watching> => {
  const watched = await watchThemGo(context, watch, context.clock.now() + patienceMs, holdBack)
  const broken = watched.left.length === 0 ? null : holdBack()
  return broken === null ? escalate(context, escalation, watched) : { ...watched, broken }
}

/** A killed process is gone at once, but for one in the kernel's uninterruptible sleep. */
const afterSignalsMs = 5_000

/** Who is left of those that have to go, by the last look that could be had. */
export type Watching = Readonly<{
  left: readonly Watched[]
  observation: Observation | null
  /** Why the last look failed; null if it did not. */
  lost: Reason | null
  notes: readonly string[]
  /** Why it was ended before its time. */
  broken: Outcome | null
}>

const watchThemGo = async (
  context: StepContext,
  watch: readonly Watched[],
  untilMs: number,
  holdBack: () => Outcome | null = () => null,
): Promise<Watching> => {
  const { step, session, clock, emit } = context
  const next = pace(clock)
  let now: Watching = { left: watch, observation: null, lost: null, notes: [], broken: null }
  let told = 0
  while (now.left.length > 0 && holdBack() === null && (await next(untilMs))) {
    const look = await session.look()
    if (E.isLeft(look)) {
      now = { ...now, lost: remoteErrorReason(look.left) }
      continue
    }
    const left = stillThere(watch, look.right)
    if (left.length > 0 && left.length !== told) {
      told = left.length
      emit({ _tag: 'StepWaited', id: step.id, for: `${left.length} of ${watch.length} processes to go` })
    }
    now = { left, observation: look.right, lost: null, notes: [], broken: null }
  }
  return now
}

const escalate = async (context: StepContext, escalation: readonly Escalation[], from: Watching): Promise<Watching> => {
  let now = from
  const notes: string[] = []
  for (const stage of escalation) {
    if (now.left.length === 0) break
    if (stage._tag === 'Pause') {
      now = await watchThemGo(context, now.left, context.clock.now() + stage.ms)
      continue
    }
    const signalled = await signalAll(context, stage.name, now)
    if (E.isLeft(signalled)) return { ...now, notes, broken: signalled.left }
    notes.push(...signalled.right)
  }
  const last = now.left.length > 0 && escalation.length > 0
  const end = last ? await watchThemGo(context, now.left, context.clock.now() + afterSignalsMs) : now
  return { ...end, notes }
}

/** Says of every process that was not signalled why it was not; the Left is why it is not known, or none was. */
const signalAll = async (
  { step, service, session, emit, journal, acts }: StepContext,
  name: string,
  { left }: Watching,
): Promise<E.Either<Outcome, readonly string[]>> => {
  const look = await session.look()
  if (E.isLeft(look)) {
    const why = remoteErrorReason(look.left)
    return E.left(unreachable(reason`no ${name} was sent, as the host could not be looked at: ${why}`))
  }
  const targets = stillThere(left, look.right)
  if (targets.length === 0) return E.right([])
  const pids = targets.map(({ process }) => process.pid)
  const intent = await journal.append(intendedSignal(step, name, pids))
  if (E.isLeft(intent)) return E.left(notWritten(intent.left))
  const onLock = (what: string) => emit({ _tag: 'StepWaited', id: step.id, for: `the lock of ${step.host}: ${what}` })
  const sent = await session.signal(service, name, look.right.bootId, targets, onLock)
  if (sent._tag === 'Locked') {
    await journal.append(notBegun(step))
    return E.left(lockedOutcome(service, sent.taking))
  }
  if (E.isLeft(sent.results)) {
    return E.left(unreachable(reason`whether ${name} arrived is not known${quoting(`: ${sent.results.left}`)}`))
  }
  for (const { pid, outcome } of sent.results.right) {
    if (outcome !== 'sent') continue
    acts.note(step.id)
    emit({ _tag: 'SignalSent', id: step.id, signal: name, pid, process: nameOf(pid, left) })
  }
  return E.right(sent.results.right.flatMap(({ pid, outcome }) => noteOn(outcome, pid, name) ?? []))
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
