/** The steps of one play, each as soon as what it comes after has ended well. */
import type { HostService } from '../model/catalog.js'
import type { Clock } from '../model/clock.js'
import type { RunFact } from '../model/event.js'
import type { HostName } from '../model/names.js'
import { isAct, type PlannedPlay, type Step, type StepId } from '../model/plan.js'
import type { Availability } from './availability.js'
import type { HostSession } from './host-session.js'
import type { HostSlots } from './host-slots.js'
import { concluded } from './journal/entries.js'
import type { Journal } from './journal/journal.js'
import { failed, isGood, type Outcome } from './outcome.js'
import { factOf, runStep } from './step.js'
import type { RunHere, StepContext } from './step-context.js'

export type PlayContext = Readonly<{
  sessions: ReadonlyMap<HostName, HostSession>
  services: ReadonlyMap<StepId, HostService>
  neighbours: ReadonlyMap<HostName, readonly HostService[]>
  slots: HostSlots
  clock: Clock
  emit: (fact: RunFact) => void
  journal: Journal
  runHere: RunHere
  /** Once true, nothing new is begun. */
  interrupted: () => boolean
  /** Hosts on which an earlier play failed: nothing more is done there. */
  lostHosts: ReadonlySet<HostName>
  availability: Availability
  /** What became of the steps of earlier batches. */
  earlier: ReadonlyMap<StepId, Outcome>
  /** Why nothing new is to be begun any more, or null; told of each outcome. */
  whySpent: () => string | null
  onOutcome: (step: Step, outcome: Outcome) => void
}>

/** A failed step holds back what comes after it, and nothing else. */
export const runPlay = async (play: PlannedPlay, context: PlayContext): Promise<ReadonlyMap<StepId, Outcome>> => {
  const byId = new Map(play.steps.map(step => [step.id, step]))
  const outcomes = new Map<StepId, Promise<Outcome>>()
  const outcomeOf = (step: Step): Promise<Outcome> => {
    const known = outcomes.get(step.id)
    if (known !== undefined) return known
    const before = step.after.flatMap(id => byId.get(id) ?? [])
    const outcome = Promise.all(before.map(outcomeOf)).then(ended => {
      const bad = before[ended.findIndex(one => !isGood(one))]?.id ?? step.after.find(id => isLost(id, context))
      return conclude(step, bad, context)
    })
    outcomes.set(step.id, outcome)
    return outcome
  }
  const entries = play.steps.map(async step => [step.id, await outcomeOf(step)] as const)
  return new Map(await Promise.all(entries))
}

const isLost = (id: StepId, { earlier }: PlayContext): boolean => {
  const outcome = earlier.get(id)
  return outcome !== undefined && !isGood(outcome)
}

const conclude = async (step: Step, bad: StepId | undefined, context: PlayContext): Promise<Outcome> => {
  const because = reasonToSkip(step, bad, context)
  if (because !== null) return skip(step, because, context)
  const run = async () => {
    const outcome = await runStep(stepContextOf(step, context))
    context.onOutcome(step, outcome)
    return outcome
  }
  if (!isAct(step.action)) return run()
  const full = await takeAway(step, context)
  if (full !== null) return hold(step, full, context)
  return context.slots
    .use(step.host, () => {
      // The wait for a slot may have been long enough for somebody to change their mind, or for others to fail.
      const since = reasonToSkip(step, bad, context)
      return since === null ? run() : skip(step, since, context)
    })
    .finally(() => giveBack(step, context))
}

/** A restart takes an instance away for a while: null where it may, else why not. */
const takeAway = async (step: Step, { availability, services, emit }: PlayContext): Promise<string | null> => {
  const service = services.get(step.id)
  if (step.action._tag !== 'Restart' || service === undefined) return null
  return availability.take(service, what => emit({ _tag: 'StepWaited', id: step.id, for: what }))
}

const giveBack = (step: Step, { availability, services }: PlayContext): void => {
  const service = services.get(step.id)
  if (service !== undefined) availability.giveBack(service)
}

const hold = async (step: Step, why: string, context: PlayContext): Promise<Outcome> => {
  const outcome = failed(why, 'nothing was done to it; see to those that are away, then run this again')
  context.emit(factOf(step.id, outcome, 0))
  await context.journal.append(concluded(step, outcome))
  context.onOutcome(step, outcome)
  return outcome
}

export const stepContextOf = (step: Step, context: PlayContext): StepContext => {
  const service = context.services.get(step.id)
  const session = context.sessions.get(step.host)
  if (service === undefined || session === undefined) throw new Error(`no session for ${step.id}`)
  const { clock, emit, journal, runHere } = context
  const others = context.neighbours.get(step.host) ?? []
  return { step, service, others, session, clock, emit, journal, alreadyDue: [], runHere }
}

const reasonToSkip = (step: Step, bad: StepId | undefined, context: PlayContext): string | null => {
  if (isAct(step.action) && context.interrupted()) return 'the run was interrupted before it'
  if (context.lostHosts.has(step.host)) return `an earlier play failed on ${step.host}`
  if (bad !== undefined) return `it comes after ${bad}, which did not end well`
  return isAct(step.action) ? context.whySpent() : null
}

const skip = async (
  step: Step,
  because: string,
  { emit, journal }: Pick<PlayContext, 'emit' | 'journal'>,
): Promise<Outcome> => {
  const outcome: Outcome = { _tag: 'Skipped', because }
  emit(factOf(step.id, outcome, 0))
  await journal.append(concluded(step, outcome))
  return outcome
}
