/** Stopping a service: launch what stops it, watch exactly the observed processes go, escalate only as declared. */
import * as E from 'fp-ts/lib/Either.js'
import type { SignalResult } from '../act/signal.js'
import { decideAction } from '../decide/action.js'
import { judge } from '../decide/judge.js'
import { isFrozen } from '../decide/recognise.js'
import { stillThere } from '../decide/verify.js'
import { journalErrorInWords } from '../model/journal.js'
import type { Observation } from '../model/observation.js'
import type { Action, Watched } from '../model/plan.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import { processInWords } from '../model/words.js'
import { launchCommands } from './commands.js'
import { intendedSignal } from './journal/entries.js'
import { failed, type Outcome } from './outcome.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

type Stop = Extract<Action, { _tag: 'Stop' }>

/** A killed process is gone at once, but for one in the kernel's uninterruptible sleep. */
const afterSignalsMs = 5_000

export const stopService = async (context: StepContext, planned: Stop): Promise<Outcome> => {
  const { service, clock } = context
  const { withinMs } = service.stop
  const begunMs = clock.now()
  const commands = planned.launches.length === 0 ? null : await launchCommands(context, planned.launches, withinMs)
  if (commands !== null && E.isLeft(commands)) return commands.left
  const said = () => commands?.right.said() ?? null
  // Its processes as they were when the go-ahead was given: children may have come and gone since the plan.
  const action = commands?.right.action._tag === 'Stop' ? commands.right.action : planned

  // With no command to stop it the declared signals are the way, and there is nothing to wait for first.
  const patienceMs = planned.launches.length === 0 ? 0 : withinMs
  const watched = await watchThemGo(context, action.watch, clock.now() + patienceMs)
  const end = watched.left.length > 0 ? await escalate(context, action, watched) : watched
  if (end.lost !== null) return { _tag: 'Unreachable', why: `whether it is stopped is not known: ${end.lost}` }
  if (end.left.length > 0) {
    const why = `still there: ${end.left.map(({ process }) => processInWords(process)).join(', ')}${end.notes.join('')}`
    return failed(why, wayOutOf(end.left, service.stop.escalation.length), said())
  }
  return settle(context, end.observation, begunMs)
}

/** Who is left of those that have to go, by the last look that could be had. */
type Watching = Readonly<{
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

const escalate = async (context: StepContext, action: Stop, from: Watching): Promise<Watching> => {
  let now = from
  const notes: string[] = []
  for (const stage of action.escalation) {
    if (now.left.length === 0) break
    if (stage._tag === 'Pause') now = await watchThemGo(context, now.left, context.clock.now() + stage.ms)
    else notes.push(...(await signalAll(context, stage.name, now)))
  }
  const last = now.left.length > 0 && action.escalation.length > 0
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
  const results = await session.signal(name, seen.bootId, targets)
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

/**
 * They are gone; is it as it should be, or has something put others in their place? While the stop command itself is
 * still running nobody can tell.
 */
const settle = async (context: StepContext, seen: Observation | null, begunMs: number): Promise<Outcome> => {
  const { service, session, clock } = context
  const next = pace(clock)
  const untilMs = clock.now() + service.stop.withinMs
  let observation = seen ?? rightOf(await session.look())
  for (;;) {
    const verdict = observation === null ? null : judge(service, observation)
    const rest = verdict === null ? null : decideAction(service, 'stopped', verdict)
    if (rest?._tag === 'None') return { _tag: 'Done', changed: true, now: rest.why, found: verdict }
    if (rest?._tag === 'Stop') return notStopped(rest, clock.now() - begunMs)
    if (!(await next(untilMs))) {
      return rest?._tag === 'Refuse'
        ? failed(rest.why, rest.wayOut)
        : { _tag: 'Unreachable', why: 'it was stopped, and then the host could not be looked at' }
    }
    observation = rightOf(await session.look())
  }
}

/** Processes younger than the stop were put there since; older ones had escaped notice. */
const notStopped = ({ watch }: Stop, sinceMs: number): Outcome => {
  const names = watch.map(({ process }) => processInWords(process)).join(', ')
  const young = watch.every(({ process }) => process.ageSeconds !== null && process.ageSeconds * 1000 <= sinceMs + 1000)
  return young
    ? failed(`restarted by something else: ${names}`, 'find what restarts it; it is not fought')
    : failed(`still there: ${names}`, 'run this again: they had not been seen before')
}

const wayOutOf = (left: readonly Watched[], stages: number): string => {
  const frozen = left.find(({ process }) => isFrozen(process))
  if (frozen !== undefined) {
    return `it is stopped by a signal and can take no other but KILL: kill -CONT ${frozen.process.pid}, then run this again`
  }
  return stages > 0 ? 'see why they do not end' : 'declare what may be sent to them: stop: { then: [TERM, 10s, KILL] }'
}

const rightOf = <A>(either: E.Either<unknown, A>): A | null => (E.isRight(either) ? either.right : null)
