/** Between two batches: is all that was touched as it should be, and does what the play asks say so too? */
import * as E from 'fp-ts/lib/Either.js'
import { decideAction } from '../decide/action.js'
import { judge } from '../decide/judge.js'
import { questionsFor, whyNotReady } from '../decide/ready.js'
import { sameCopies } from '../decide/verify.js'
import type { HostService } from '../model/catalog.js'
import type { Clock } from '../model/clock.js'
import type { Answer } from '../model/observation.js'
import type { StepId } from '../model/plan.js'
import { type Check, checkSeconds } from '../model/ready.js'
import { type Reason, reason, reasonOfTold } from '../model/reason.js'
import { remoteErrorReason } from '../model/remote-error.js'
import type { Gate } from '../model/rollout.js'
import type { Verdict } from '../model/verdict.js'
import { verdictReason } from '../model/words.js'
import type { AskFromHere } from '../remote/check.js'
import { isAskedHere } from '../remote/check.js'
import type { HostSlots } from './host-slots.js'
import { failed, type Outcome, seeLog, unreachable } from './outcome.js'
import { pace } from './pace.js'
import { lookingAt } from './readiness.js'
import type { RunHere, StepContext } from './step-context.js'

/** A step that has changed something, and how it was when that had ended. */
export type Touched = Readonly<{ context: StepContext; found: Verdict | null }>

export type GateContext = Readonly<{
  clock: Clock
  slots: HostSlots
  runHere: RunHere
  askFromHere: AskFromHere
  interrupted: () => boolean
}>

/** `bad`: the steps that are not as they should be. `fault`: what a check of the play says. */
export type Gated = Readonly<{ bad: ReadonlyMap<StepId, Outcome>; fault: Reason | null }>

/** Waits until all is well, for as long as the gate allows; then sees it stay so for `stableMs`. */
export const passGate = async (
  touched: readonly Touched[],
  { withinMs, checks }: Gate,
  stableMs: number,
  context: GateContext,
): Promise<Gated> => {
  const { clock, interrupted } = context
  const untilMs = clock.now() + withinMs
  const next = pace(clock)
  let now = await survey(touched, checks, context)
  while (!isPassed(now) && !interrupted() && (await next(untilMs))) now = await survey(touched, checks, context)
  if (!isPassed(now) || stableMs === 0) return now
  const heldUntilMs = clock.now() + stableMs
  const again = pace(clock)
  while (!interrupted() && (await again(heldUntilMs))) {
    const later = await survey(touched, checks, context)
    const broken = { bad: new Map([...later.bad].filter(([, { _tag }]) => _tag !== 'Unreachable')), fault: later.fault }
    if (!isPassed(broken)) return broken
    now = later
  }
  return now
}

const isPassed = ({ bad, fault }: Gated): boolean => bad.size === 0 && fault === null

const survey = async (touched: readonly Touched[], checks: readonly Check[], context: GateContext): Promise<Gated> => {
  const [faults, seen] = await Promise.all([
    Promise.all(checks.map(check => faultOf(check, context))),
    Promise.all(
      touched.map(async one => {
        const { step } = one.context
        return [step.id, await context.slots.use(step.host, () => faultAt(one))] as const
      }),
    ),
  ])
  return {
    bad: new Map(seen.flatMap(([id, outcome]) => (outcome === null ? [] : [[id, outcome] as const]))),
    fault: faults.find(fault => fault !== null) ?? null,
  }
}

/** Null where it is as it was left. What cannot be seen or told is `Unreachable`. */
const faultAt = async ({ context, found }: Touched): Promise<Outcome | null> => {
  const { step, service, others, session } = context
  if (step.desired === 'stopped') {
    const look = await session.look()
    if (E.isLeft(look)) return notSeen(remoteErrorReason(look.left))
    const verdict = judge(service, look.right, others)
    const rest = decideAction(service, { state: 'stopped', startedAfterMs: null }, verdict)
    return rest._tag === 'None' ? null : gone(verdict, service)
  }
  const sight = await lookingAt(context, questionsFor(service.ready.checks, null)).look()
  if (sight._tag === 'Unseen') return notSeen(sight)
  const { verdict, lacks } = sight
  if (verdict._tag !== 'running') return gone(verdict, service)
  if (found !== null && !sameCopies(found, verdict))
    return failed(
      reason`since the batch was done, other processes have taken its place: ${verdictReason(verdict)}`,
      seeLog(service),
    )
  return lacks === null ? null : failed(reason`it is no longer ready: ${lacks}`, seeLog(service))
}

const notSeen = (why: Reason): Outcome => unreachable(reason`whether it is still well is not known: ${why}`)

const gone = (verdict: Verdict, service: HostService): Outcome =>
  verdict._tag === 'unknown'
    ? notSeen(reasonOfTold(verdict))
    : failed(reason`since the batch was done, it has become ${verdictReason(verdict)}`, seeLog(service))

const faultOf = async (check: Check, { askFromHere, runHere }: GateContext): Promise<Reason | null> => {
  const question = { check, since: null }
  const answer = isAskedHere(check) ? await askFromHere(check, '127.0.0.1') : await answerOf(check, runHere)
  return whyNotReady([question], { answers: new Map([[question, answer]]) })
}

/** By timeout(1). */
const endedLate = 124

const answerOf = async (check: Check, runHere: RunHere): Promise<Answer> => {
  if (check._tag !== 'Command') return { _tag: 'No', why: 'it cannot be asked from here' }
  const { command } = check
  const hook = { command, on: 'controller', unless: null, withinMs: (checkSeconds + 2) * 1000 } as const
  const ran = await runHere(hook, checkSeconds)
  if (E.isLeft(ran)) return { _tag: 'No', why: ran.left }
  if (ran.right._tag === 'LeftOut' || ran.right.code === 0) return { _tag: 'Yes' }
  const { code } = ran.right
  return { _tag: 'No', why: code === endedLate ? `it had not ended after ${checkSeconds} s` : `it ended with ${code}` }
}
