/** Stopping a service: launch what stops it, watch exactly the observed processes go, escalate only as declared. */
import * as E from 'fp-ts/lib/Either.js'
import { decideAction } from '../decide/action.js'
import { judge } from '../decide/judge.js'
import { isFrozen } from '../decide/recognise.js'
import type { Observation } from '../model/observation.js'
import type { Action, Watched } from '../model/plan.js'
import { joined, type Reason, reason, reasonOfTold } from '../model/reason.js'
import { processReason } from '../model/words.js'
import { begin, notBegun } from './begin.js'
import { endProcesses } from './end-processes.js'
import { failShowing } from './fail.js'
import { runHooks } from './hooks.js'
import { failed, type Outcome, unreachable } from './outcome.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

type Stop = Extract<Action, { _tag: 'Stop' }>

export const stopService = async (context: StepContext, planned: Stop): Promise<Outcome> => {
  const { service } = context
  const { withinMs } = service.stop
  const begun = await begin(context, 'stop', planned.launches, withinMs)
  if (E.isLeft(begun)) return begun.left
  const { action: now, commands, atMs } = begun.right
  const said = () => commands?.said() ?? null
  // Its processes as they were when the go-ahead was given: children may have come and gone since the plan.
  const action = now._tag === 'Stop' ? now : planned

  // With no command to stop it the declared signals are the way, and there is nothing to wait for first.
  const patienceMs = planned.launches.length === 0 ? 0 : withinMs
  const refusal = () => commands?.refusal() ?? null
  const end = await endProcesses(context, action.watch, action.escalation, patienceMs, refusal)
  if (end.broken !== null) {
    if (end.broken === refusal()) await notBegun(context, 'stop')
    return end.broken
  }
  if (end.lost !== null) return unreachable(reason`whether it is stopped is not known: ${end.lost}`)
  if (end.left.length > 0) {
    const why = reason`still there: ${namesOf(end.left)}${end.notes.join('')}`
    return failShowing(context, why, wayOutOf(end.left, service.stop.escalation.length), said(), commands?.logEnds)
  }
  const settled = await settle(context, end.observation, atMs, said)
  return settled._tag === 'Done' ? ((await runHooks(context, 'afterStop')) ?? settled) : settled
}

/**
 * They are gone; is it as it should be, or has something put others in their place? While the stop command itself is
 * still running nobody can tell.
 */
const settle = async (
  context: StepContext,
  seen: Observation | null,
  begunMs: number,
  said: () => string | null,
): Promise<Outcome> => {
  const { service, others, session, clock } = context
  const next = pace(clock)
  const untilMs = clock.now() + service.stop.withinMs
  let observation = seen ?? rightOf(await session.look())
  for (;;) {
    const verdict = observation === null ? null : judge(service, observation, others)
    const rest = verdict === null ? null : decideAction(service, { state: 'stopped', startedAfterMs: null }, verdict)
    if (rest?._tag === 'None') return { _tag: 'Done', changed: true, now: rest.why, found: verdict }
    if (rest?._tag === 'Stop') {
      const { why, wayOut } = notStopped(rest, clock.now() - begunMs)
      return failShowing(context, why, wayOut, said())
    }
    // What nobody declares does not go by itself.
    if (rest?._tag === 'Refuse' && verdict?._tag === 'duplicate' && verdict.evidence.starters.length === 0) {
      return failed(reasonOfTold(rest), rest.wayOut)
    }
    if (!(await next(untilMs))) {
      return rest?._tag === 'Refuse'
        ? failShowing(context, reasonOfTold(rest), rest.wayOut, said())
        : unreachable('it was stopped, and then the host could not be looked at')
    }
    observation = rightOf(await session.look())
  }
}

/** Processes younger than the stop were put there since; older ones had escaped notice. */
const notStopped = ({ watch }: Stop, sinceMs: number) => {
  const names = namesOf(watch)
  const young = watch.every(({ process }) => process.ageSeconds !== null && process.ageSeconds * 1000 <= sinceMs + 1000)
  return young
    ? { why: reason`restarted by something else: ${names}`, wayOut: 'find what restarts it; it is not fought' }
    : { why: reason`still there: ${names}`, wayOut: 'run this again: they had not been seen before' }
}

export const namesOf = (left: readonly Watched[]): Reason =>
  joined(
    left.map(({ process }) => processReason(process)),
    ', ',
  )

const wayOutOf = (left: readonly Watched[], stages: number): string => {
  const frozen = left.find(({ process }) => isFrozen(process))
  if (frozen !== undefined) {
    return `it is stopped by a signal and can take no other but KILL: kill -CONT ${frozen.process.pid}, then run this again`
  }
  return stages > 0 ? 'see why they do not end' : 'declare what may be sent to them: stop: { then: [TERM, 10s, KILL] }'
}

const rightOf = <A>(either: E.Either<unknown, A>): A | null => (E.isRight(either) ? either.right : null)
