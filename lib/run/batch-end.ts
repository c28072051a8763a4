/** The end of a batch: what was touched is looked at again, and the next one may begin, or not. */
import { Losses, whyNoCanary } from '../decide/losses.js'
import { hasActs, type PlannedPlay, type StepId } from '../model/plan.js'
import type { PlayPart } from '../model/playbook.js'
import { ownReason, type Reason, reason } from '../model/reason.js'
import { batchInWords } from '../model/rollout.js'
import type { Verdict } from '../model/verdict.js'
import { Acts } from './acts.js'
import { type GateContext, passGate, type Touched } from './gate.js'
import { concluded } from './journal/entries.js'
import type { Outcome } from './outcome.js'
import { type PlayContext, stepContextOf } from './play.js'
import type { RunContext } from './run-context.js'
import { factOf } from './step.js'

/**
 * Why nothing more is begun, and in which play that was; `person`: nothing has failed, but nobody has said that it goes
 * on.
 */
export type Stopped = Readonly<{ play: number; by: 'failure' | 'person' }> & Reason

/** What is known of a play while its batches go on. */
export type PlaySoFar = Readonly<{
  losses: Losses
  /** How each step of its batches ended. */
  outcomes: Map<StepId, Outcome>
  /** What this run has changed in it. */
  touched: Touched[]
  acts: Acts
}>

export const newPlay = (): PlaySoFar => ({ losses: new Losses(), outcomes: new Map(), touched: [], acts: new Acts() })

type Ended = Readonly<{ part: PlayPart; planned: PlannedPlay; outcomes: ReadonlyMap<StepId, Outcome> }>

/** Null: go on. What is found bad by now has failed, whatever it looked like before. */
export const endBatch = async (
  { part, planned, outcomes }: Ended,
  soFar: PlaySoFar,
  play: PlayContext,
  gate: GateContext,
  context: RunContext,
): Promise<Stopped | null> => {
  const { batch, rollout } = part
  const isLast = batch.number === batch.of
  for (const step of planned.steps) {
    const outcome = outcomes.get(step.id)
    // Of a canary all has to stay well, whoever has made it so.
    if (outcome?._tag === 'Done' && (batch.isCanary || outcome.changed))
      soFar.touched.push({ context: stepContextOf(step, play), found: outcome.found })
  }
  const spent = soFar.losses.whySpent(part) ?? whyNoCanary(part, play.lostHosts)
  if (spent !== null) return byFailure(spent, part)
  if (isLast && batch.of === 1 && rollout.gate.checks.length === 0) return null
  if (!hasActs(planned) || play.interrupted()) return whyEnd(soFar, part)

  const stableMs = batch.isCanary ? (rollout.canary?.stableMs ?? 0) : 0
  const end = await hold(part, awaited(soFar), stableMs, soFar, play, gate, context)
  if (end !== null || isLast || play.interrupted()) return end
  const asked = batch.isCanary ? await askBehindCanary(part, context) : null
  if (asked !== null) return asked
  const { emit, clock } = context
  if (rollout.pauseBetweenMs > 0) {
    emit({ _tag: 'BatchHeld', batch, for: `a pause of ${rollout.pauseBetweenMs / 1000} s` })
    await pause(rollout.pauseBetweenMs, clock, play.interrupted)
  }
  return null
}

/**
 * Before the first batch that changes anything, where those before it, of which `part` is one, had nothing to do: a run that
 * was cut short may have changed them and never come past its gate. Null: go on.
 */
export const passFirst = async (
  part: PlayPart,
  soFar: PlaySoFar,
  play: PlayContext,
  gate: GateContext,
  context: RunContext,
): Promise<Stopped | null> => {
  const { canary } = part.rollout
  const bornMs = Math.max(...soFar.touched.map(({ found }) => lastBirth(found, context.clock.now())))
  const stableMs = canary === null ? 0 : Math.max(0, bornMs + canary.stableMs - context.clock.now())
  const what = canary === null ? 'what the play asks to say yes' : 'it to be as it should be'
  const end = await hold(part, what, stableMs, soFar, play, gate, context)
  return end !== null || play.interrupted() ? end : askBehindCanary(part, context)
}

/** Nothing is to be held up where neither a canary nor the play itself can say anything. */
export const isToPassFirst = ({ rollout }: PlayPart, { touched }: PlaySoFar): boolean =>
  touched.length > 0 || rollout.gate.checks.length > 0

/** Since when it has been as it is at the latest: now, where its processes do not tell. */
const lastBirth = (found: Verdict | null, nowMs: number): number => {
  const { instances = [], takenAtMs = nowMs } = found?.evidence ?? {}
  const leaders = instances.flatMap(({ copies }) => copies.map(([leader]) => leader))
  const births = leaders.map(({ ageSeconds }) => (ageSeconds === null ? nowMs : takenAtMs - ageSeconds * 1000))
  return births.length === 0 ? nowMs : Math.max(...births)
}

/** A canary may hold services that nothing was changed of, and a batch nothing but failures. */
const awaited = ({ touched, outcomes }: PlaySoFar): string => {
  if (touched.length === 0) return 'what the play asks to say yes'
  const isAnyChanged = [...outcomes.values()].some(outcome => outcome._tag === 'Done' && outcome.changed)
  return isAnyChanged ? 'all that was changed to be as it should be' : 'it to be as it should be'
}

/** All that this run has changed, and what the play asks: null where it is well. */
const hold = async (
  part: PlayPart,
  what: string,
  stableMs: number,
  soFar: PlaySoFar,
  play: PlayContext,
  gate: GateContext,
  { emit }: RunContext,
): Promise<Stopped | null> => {
  const { batch, rollout } = part
  const holding = stableMs === 0 ? '' : `, and to stay so for ${Math.ceil(stableMs / 1000)} s`
  const isAnythingAsked = soFar.touched.length > 0 || rollout.gate.checks.length > 0 || stableMs > 0
  if (isAnythingAsked) emit({ _tag: 'BatchHeld', batch, for: `${what}${holding}` })
  const { bad, fault } = await passGate(soFar.touched, rollout.gate, stableMs, gate)
  for (const { context } of soFar.touched) {
    const outcome = bad.get(context.step.id)
    if (outcome === undefined) continue
    soFar.outcomes.set(context.step.id, outcome)
    soFar.losses.note(context.step.host, outcome)
    context.emit(factOf(context.step.id, outcome, 0))
    await play.journal.append(concluded(context.step, outcome))
  }
  // Cut short, it has said nothing yet.
  if (fault !== null && !play.interrupted())
    return byFailure(reason`the gate after ${batchInWords(batch)} did not open: ${fault}`, part)
  return whyEnd(soFar, part)
}

const askBehindCanary = async ({ play, batch, rollout }: PlayPart, { goOn }: RunContext): Promise<Stopped | null> =>
  rollout.canary?.ask === true ? ask(`The ${batchInWords(batch)}, is well. Go on with the others?`, play, goOn) : null

export const ask = async (question: string, play: number, goOn: RunContext['goOn']): Promise<Stopped | null> => {
  if (goOn === undefined)
    return { play, ...ownReason('it is to be asked whether to go on, and there is nobody to ask'), by: 'person' }
  return (await goOn(question)) ? null : { play, ...ownReason('it was not to go on'), by: 'person' }
}

const whyEnd = ({ losses }: PlaySoFar, part: PlayPart): Stopped | null => {
  const why = losses.whyEnd(part)
  return why === null ? null : byFailure(why, part)
}

const byFailure = (why: string | Reason, { play }: PlayPart): Stopped => ({ play, ...reason`${why}`, by: 'failure' })

/** In pieces, so that somebody who changes their mind is heard. */
const pause = async (ms: number, { now, sleep }: RunContext['clock'], interrupted: () => boolean): Promise<void> => {
  const untilMs = now() + ms
  while (now() < untilMs && !interrupted()) await sleep(Math.min(500, untilMs - now()))
}
