/** The end of a batch: what was touched is looked at again, and the next one may begin, or not. */
import type { HostName } from '../model/names.js'
import { isAct, type PlannedPlay, type StepId } from '../model/plan.js'
import type { PlayPart } from '../model/playbook.js'
import { batchInWords, type RolloutHosts } from '../model/rollout.js'
import { Acts } from './acts.js'
import { type GateContext, passGate, type Touched } from './gate.js'
import { concluded } from './journal/entries.js'
import { Losses } from './losses.js'
import { type EndedPlay, isGood, type Outcome } from './outcome.js'
import { type PlayContext, stepContextOf } from './play.js'
import type { RunContext } from './run-context.js'
import { factOf } from './step.js'

/**
 * Why nothing more is begun, and in which play that was; `person`: nothing has failed, but nobody has said that it goes
 * on.
 */
export type Stopped = Readonly<{ play: number; why: string; by: 'failure' | 'person' }>

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
  { emit, goOn, clock }: RunContext,
): Promise<Stopped | null> => {
  const { batch, rollout } = part
  const isLast = batch.number === batch.of
  const acted = planned.steps.filter(step => isAct(step.action))
  for (const step of acted) {
    const outcome = outcomes.get(step.id)
    if (outcome?._tag === 'Done' && outcome.changed)
      soFar.touched.push({ context: stepContextOf(step, play), found: outcome.found })
  }
  const spent = soFar.losses.whySpent(part)
  if (spent !== null) return byFailure(spent, part)
  if (isLast && batch.of === 1 && rollout.gate.checks.length === 0) return null
  if (acted.length === 0 || play.interrupted()) return whyEnd(soFar, part)

  const stableMs = batch.isCanary ? (rollout.canary?.stableMs ?? 0) : 0
  const holding = stableMs === 0 ? '' : `, and to stay so for ${stableMs / 1000} s`
  emit({ _tag: 'BatchHeld', batch, for: `all that was changed to be as it should be${holding}` })
  const { bad, fault } = await passGate(soFar.touched, rollout.gate, stableMs, gate)
  for (const { context } of soFar.touched) {
    const outcome = bad.get(context.step.id)
    if (outcome === undefined) continue
    soFar.outcomes.set(context.step.id, outcome)
    soFar.losses.note(context.step.host, outcome)
    context.emit(factOf(context.step.id, outcome, 0))
    await play.journal.append(concluded(context.step, outcome))
  }
  if (fault !== null) return byFailure(`the gate after ${batchInWords(batch)} did not open: ${fault}`, part)
  const end = whyEnd(soFar, part)
  if (end !== null || isLast || play.interrupted()) return end

  if (batch.isCanary && rollout.canary?.ask === true) {
    const asked = await ask(`The ${batchInWords(batch)}, is well. Go on with the others?`, part.play, goOn)
    if (asked !== null) return asked
  }
  if (rollout.pauseBetweenMs > 0) {
    emit({ _tag: 'BatchHeld', batch, for: `a pause of ${rollout.pauseBetweenMs / 1000} s` })
    await pause(rollout.pauseBetweenMs, clock, play.interrupted)
  }
  return null
}

export const ask = async (question: string, play: number, goOn: RunContext['goOn']): Promise<Stopped | null> => {
  if (goOn === undefined)
    return { play, why: 'it is to be asked whether to go on, and there is nobody to ask', by: 'person' }
  return (await goOn(question)) ? null : { play, why: 'it was not to go on', by: 'person' }
}

const whyEnd = ({ losses }: PlaySoFar, part: PlayPart): Stopped | null => {
  const why = part.batch.of > 1 ? losses.whyEnd(part) : losses.whySpent(part)
  return why === null ? null : byFailure(why, part)
}

const byFailure = (why: string, { play }: PlayPart): Stopped => ({ play, why, by: 'failure' })

/** In pieces, so that somebody who changes their mind is heard. */
const pause = async (ms: number, { now, sleep }: RunContext['clock'], interrupted: () => boolean): Promise<void> => {
  const untilMs = now() + ms
  while (now() < untilMs && !interrupted()) await sleep(Math.min(500, untilMs - now()))
}

/** Where a play that was stopped has left its hosts. */
export const hostsAfter = (ended: readonly EndedPlay[]): RolloutHosts => {
  const kinds = new Map<HostName, keyof RolloutHosts>()
  for (const { planned, outcomes } of ended) {
    for (const { id, host } of planned.steps) {
      const outcome = outcomes.get(id)
      const kind = outcome === undefined ? 'old' : kindOf(outcome)
      const known = kinds.get(host)
      if (known === undefined || worst.indexOf(kind) < worst.indexOf(known)) kinds.set(host, kind)
    }
  }
  const of = (wanted: keyof RolloutHosts) => [...kinds].filter(([, kind]) => kind === wanted).map(([host]) => host)
  return { new: of('new'), failed: of('failed'), old: of('old'), unknown: of('unknown') }
}

/** A host with several services is as its worst one. */
const worst: readonly (keyof RolloutHosts)[] = ['unknown', 'failed', 'old', 'new']

const kindOf = (outcome: Outcome): keyof RolloutHosts => {
  if (isGood(outcome)) return 'new'
  if (outcome._tag === 'Unreachable') return 'unknown'
  return outcome._tag === 'Skipped' ? 'old' : 'failed'
}
