/** Stopping a service: launch what stops it, watch exactly the observed processes go, escalate only as declared. */
import * as E from 'fp-ts/lib/Either.js'
import type { SignalResult } from '../act/signal.js'
import { decideAction } from '../decide/action.js'
import { judge } from '../decide/judge.js'
import { survivors } from '../decide/verify.js'
import type { Observation } from '../model/observation.js'
import type { Action, Watched } from '../model/plan.js'
import { processInWords } from '../model/words.js'
import { launchCommands } from './commands.js'
import { failed, type Outcome } from './outcome.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

type Stop = Extract<Action, { _tag: 'Stop' }>

/** A killed process is gone at once, but for one in the kernel's uninterruptible sleep. */
const afterSignalsMs = 5_000

export const stopService = async (context: StepContext, action: Stop): Promise<Outcome> => {
  const { service, clock } = context
  const { withinMs } = service.stop
  const none = E.right({ said: () => null })
  const commands = action.launches.length === 0 ? none : await launchCommands(context, action.launches, withinMs)
  if (E.isLeft(commands)) return commands.left

  // With no command to stop it the declared signals are the way, and there is nothing to wait for first.
  const patienceMs = action.launches.length === 0 ? 0 : withinMs
  const watched = await watchThemGo(context, action.watch, clock.now() + patienceMs)
  const end = watched.left.length > 0 ? await escalate(context, action, watched) : watched
  if (end.left.length > 0) {
    const why = `still there: ${end.left.map(({ process }) => processInWords(process)).join(', ')}${end.notes.join('')}`
    return failed(why, wayOutOf(service.stop.escalation.length), commands.right.said())
  }
  return settle(context, end.observation)
}

/** Who is left of those that have to go, by the last look that could be had. */
type Watching = Readonly<{ left: readonly Watched[]; observation: Observation | null; notes: readonly string[] }>

const watchThemGo = async (context: StepContext, watch: readonly Watched[], untilMs: number): Promise<Watching> => {
  const { step, session, clock, emit } = context
  const next = pace(clock)
  let now: Watching = { left: watch, observation: null, notes: [] }
  while (now.left.length > 0 && (await next(untilMs))) {
    const look = await session.look()
    if (E.isLeft(look)) continue
    const left = survivors(watch, look.right)
    if (left.length > 0 && left.length !== now.left.length) {
      emit({ _tag: 'StepWaited', id: step.id, for: `${left.length} of ${watch.length} processes to go` })
    }
    now = { left, observation: look.right, notes: [] }
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
  { step, session, emit }: StepContext,
  name: string,
  { left, observation }: Watching,
): Promise<readonly string[]> => {
  const seen = observation ?? rightOf(await session.look())
  if (seen === null) return [`; no ${name} was sent, as the host could not be looked at`]
  const results = await session.signal(name, seen.bootId, survivors(left, seen))
  if (E.isLeft(results)) return [`; whether ${name} arrived is not known: ${results.left}`]
  for (const { pid, outcome } of results.right) {
    if (outcome === 'sent') emit({ _tag: 'SignalSent', id: step.id, signal: name, pid })
  }
  return results.right.flatMap(({ pid, outcome }) => noteOn(outcome, pid, name) ?? [])
}

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
const settle = async (context: StepContext, seen: Observation | null): Promise<Outcome> => {
  const { service, session, clock } = context
  const next = pace(clock)
  const untilMs = clock.now() + service.stop.withinMs
  let observation = seen ?? rightOf(await session.look())
  for (;;) {
    const verdict = observation === null ? null : judge(service, observation)
    const rest = verdict === null ? null : decideAction(service, 'stopped', verdict)
    if (rest?._tag === 'None') return { _tag: 'Done', changed: true, now: rest.why, found: verdict }
    if (rest?._tag === 'Stop') {
      const back = rest.watch.map(({ process }) => processInWords(process)).join(', ')
      return failed(`restarted by something else: ${back}`, 'find what restarts it; it is not fought')
    }
    if (!(await next(untilMs))) {
      return failed(rest?._tag === 'Refuse' ? rest.why : 'it was stopped, and then the host could not be looked at')
    }
    observation = rightOf(await session.look())
  }
}

const wayOutOf = (stages: number): string =>
  stages > 0 ? 'see why they do not end' : 'declare what may be sent to them: stop: { then: [TERM, 10s, KILL] }'

const rightOf = <A>(either: E.Either<unknown, A>): A | null => (E.isRight(either) ? either.right : null)
