/** The steps of one play, each as soon as what it comes after has ended well. */
import { isToldFirst, type Skip, skipOf } from '../decide/skip.js'
import type { HostService } from '../model/catalog.js'
import type { Clock } from '../model/clock.js'
import type { RunFact } from '../model/event.js'
import type { HostName } from '../model/names.js'
import { isAct, isIdle, type PlannedPlay, type Step, type StepId } from '../model/plan.js'
import type { Reason } from '../model/reason.js'
import type { Acts } from './acts.js'
import type { Availability } from './availability.js'
import type { HostSession } from './host-session.js'
import type { HostSlots } from './host-slots.js'
import { concluded } from './journal/entries.js'
import type { Journal } from './journal/journal.js'
import { failed, isGood, type Outcome } from './outcome.js'
import { factOf, idleOutcome, runStep } from './step.js'
import type { RunHere, StepContext } from './step-context.js'

export type PlayContext = Readonly<{
  sessions: ReadonlyMap<HostName, HostSession>
  services: ReadonlyMap<StepId, HostService>
  neighbours: ReadonlyMap<HostName, readonly HostService[]>
  slots: HostSlots
  clock: Clock
  emit: (fact: RunFact) => void
  journal: Journal
  acts: Acts
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
  const ended = await tellIdle(play.steps, context)
  const byId = new Map(play.steps.filter(({ id }) => !ended.has(id)).map(step => [step.id, step]))
  const outcomes = new Map<StepId, Promise<Outcome>>()
  const outcomeOf = (step: Step): Promise<Outcome> => {
    const known = outcomes.get(step.id)
    if (known !== undefined) return known
    const outcome = whatFailedBefore(step).then(bad => conclude(step, bad, context))
    outcomes.set(step.id, outcome)
    return outcome
  }
  const waits = new Map<Step['after'], Promise<StepId | undefined>>()
  // What comes after the same waits together: it may be many steps behind many.
  const whatFailedBefore = ({ after }: Step): Promise<StepId | undefined> => {
    const known = waits.get(after) ?? firstBad(after)
    waits.set(after, known)
    return known
  }
  const firstBad = async (after: Step['after']): Promise<StepId | undefined> => {
    const before = await Promise.all(
      after.map(async id => {
        const step = byId.get(id)
        return step === undefined ? ended.get(id) : outcomeOf(step)
      }),
    )
    return after.find((id, i) => isBad(before[i] ?? context.earlier.get(id)))
  }
  await Promise.all([...byId.values()].map(async step => ended.set(step.id, await outcomeOf(step))))
  return ended
}

const isBad = (outcome: Outcome | undefined): boolean => outcome !== undefined && !isGood(outcome)

/** So many at a time, so that the journal and the screen keep up. */
const toldAtOnce = 1_000

/** Those that come after nothing and do nothing, at once and in their order. */
const tellIdle = async (steps: readonly Step[], context: PlayContext): Promise<Map<StepId, Outcome>> => {
  const { emit, journal, onOutcome } = context
  const ended = new Map<StepId, Outcome>()
  let written: Promise<unknown> = Promise.resolve()
  for (const step of steps) {
    const { action, found } = step
    if (!isIdle(action) || !isToldFirst(step)) continue
    const because = reasonToSkip(step, undefined, context)
    const outcome: Outcome = because === null ? idleOutcome(action, found) : { _tag: 'Skipped', because }
    ended.set(step.id, outcome)
    emit(factOf(step.id, outcome, 0))
    written = journal.append(concluded(step, outcome))
    if (because === null) onOutcome(step, outcome)
    if (ended.size % toldAtOnce === 0) await written
  }
  await written
  return ended
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
  if (full !== null) {
    const because = reasonToSkip(step, bad, context)
    return because === null ? hold(step, full, context) : skip(step, because, context)
  }
  return context.slots
    .use(step.host, () => {
      // The wait for a slot may have been long enough for somebody to change their mind, or for others to fail.
      const since = reasonToSkip(step, bad, context)
      return since === null ? run() : skip(step, since, context)
    })
    .finally(() => giveBack(step, context))
}

/** A restart takes an instance away for a while: null where it may, else why not. */
const takeAway = async (step: Step, { availability, services, emit }: PlayContext): Promise<Reason | null> => {
  const service = services.get(step.id)
  if (step.action._tag !== 'Restart' || service === undefined) return null
  return availability.take(service, what => emit({ _tag: 'StepWaited', id: step.id, for: what }))
}

const giveBack = (step: Step, { availability, services }: PlayContext): void => {
  const service = services.get(step.id)
  if (service !== undefined) availability.giveBack(service)
}

const hold = async (step: Step, why: Reason, context: PlayContext): Promise<Outcome> => {
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
  const { clock, emit, journal, acts, runHere } = context
  const others = context.neighbours.get(step.host) ?? []
  return { step, service, others, session, clock, emit, journal, acts, alreadyDue: [], runHere }
}

const reasonToSkip = (step: Step, bad: StepId | undefined, context: PlayContext): string | null => {
  if (isAct(step.action) && context.interrupted()) return 'the run was interrupted before it'
  const skip = skipOf(step, bad, context)
  return skip === null ? null : skipInWords(skip)
}

const skipInWords = (skip: Skip): string => {
  switch (skip._tag) {
    case 'LostHost':
      return `an earlier play failed on ${skip.host}`
    case 'After':
      return `it comes after ${skip.id}, which did not end well`
    case 'Spent':
      return skip.why
  }
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
