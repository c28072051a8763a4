/** One step, done or not done, with what came of it as an event. */
import type { RunFact } from '../model/event.js'
import { type IdleAction, isAct, isIdle, type StepId } from '../model/plan.js'
import { quoting, reasonOfTold } from '../model/reason.js'
import type { Verdict } from '../model/verdict.js'
import { finishService } from './finish.js'
import { concluded } from './journal/entries.js'
import { failed, type Outcome, unreachable } from './outcome.js'
import { restartService } from './restart.js'
import { startService } from './start.js'
import type { StepContext } from './step-context.js'
import { stopService } from './stop.js'
import { trimService } from './trim.js'

export const runStep = async (context: StepContext): Promise<Outcome> => {
  const { step, clock, emit, journal } = context
  const sinceMs = clock.now()
  if (isAct(step.action)) emit({ _tag: 'StepStarted', id: step.id })
  const outcome = await carryOut(context)
  emit(factOf(step.id, outcome, clock.now() - sinceMs))
  await journal.append(concluded(step, outcome))
  return outcome
}

/** There are many of them where nothing is to be done: none takes a turn of its own. */
export const idleOutcome = (action: IdleAction, found: Verdict | null): Outcome => {
  switch (action._tag) {
    case 'None':
      return { _tag: 'Done', changed: false, now: action.why, found }
    case 'Refuse':
      return failed(reasonOfTold(action), action.wayOut)
    case 'Unreachable':
      return unreachable(quoting(action.why, 'it could not be looked at'))
  }
}

const carryOut = async (context: StepContext): Promise<Outcome> => {
  const { action, found } = context.step
  if (isIdle(action)) return idleOutcome(action, found)
  switch (action._tag) {
    case 'Wait':
      return startService(context, [])
    case 'Start':
      return startService(context, action.launches)
    case 'Finish':
      return finishService(context, action.moment)
    case 'Stop':
      return stopService(context, action)
    case 'Restart':
      return restartService(context)
    case 'Trim':
      return trimService(context, action)
  }
}

export const factOf = (id: StepId, outcome: Outcome, tookMs: number): RunFact => {
  switch (outcome._tag) {
    case 'Done':
      return { _tag: 'StepSucceeded', id, changed: outcome.changed, now: outcome.now, found: outcome.found, tookMs }
    case 'Failed':
      return { _tag: 'StepFailed', id, why: outcome.why, wayOut: outcome.wayOut, output: outcome.output }
    case 'Locked':
      return { _tag: 'StepFailed', id, why: outcome.why, wayOut: outcome.wayOut, output: null }
    case 'Unreachable':
      return { _tag: 'StepUnreachable', id, why: outcome.why }
    case 'Skipped':
      return { _tag: 'StepSkipped', id, because: outcome.because }
  }
}
