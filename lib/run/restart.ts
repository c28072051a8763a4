/** A stop and the start that is then missing, each looked at again right before it. */
import * as E from 'fp-ts/lib/Either.js'
import { decideAction } from '../decide/action.js'
import { hooksAt } from '../decide/hooks.js'
import { judge } from '../decide/judge.js'
import type { Step } from '../model/plan.js'
import { reason, reasonOfTold } from '../model/reason.js'
import { remoteErrorReason } from '../model/remote-error.js'
import { confirm } from './commands.js'
import { failed, type Outcome, unreachable } from './outcome.js'
import { startService } from './start.js'
import type { StepContext } from './step-context.js'
import { stopService } from './stop.js'

export const restartService = async (context: StepContext): Promise<Outcome> => {
  const { step } = context
  // What hung may have come to itself since the plan, and somebody may have restarted it.
  const confirmed = await confirm(context)
  if (E.isLeft(confirmed)) return confirmed.left
  if (confirmed.right._tag !== 'Restart') return failed('it is no longer to be restarted', 'run this again')
  const { stop } = confirmed.right
  const stopping: Step = { ...step, desired: 'stopped', startedAfterMs: null, action: stop }
  const stopped = await stopService({ ...context, step: stopping }, stop)
  return stopped._tag === 'Done' ? afterTheStop(await startAgain(context)) : stopped
}

const startAgain = async (context: StepContext): Promise<Outcome> => {
  const { step, service, others, session } = context
  const look = await session.look()
  if (E.isLeft(look)) return unreachable(remoteErrorReason(look.left))
  const found = judge(service, look.right, others)
  const action = decideAction(service, { state: 'running', startedAfterMs: null }, found)
  const before = action._tag === 'Start' ? (['beforeStart'] as const) : []
  const hooks = hooksAt(service, ...before, 'afterStart')
  const starting: StepContext = {
    ...context,
    step: { ...step, startedAfterMs: null, found, action, hooks },
    alreadyDue: service.hooks.afterStart.length > 0 ? ['afterStart'] : [],
  }
  switch (action._tag) {
    case 'Start':
      return startService(starting, action.launches)
    // Something else has started it: that is looked after, and not done again.
    case 'None':
    case 'Wait':
      return startService(starting, [])
    case 'Refuse':
      return failed(reason`it is not started again: ${reasonOfTold(action)}`, action.wayOut)
    case 'Restart':
    case 'Trim':
    case 'Stop':
    case 'Finish':
    case 'Unreachable':
      return failed('it is in a state that it cannot be started from', 'see steward explain')
  }
}

/** Whatever came of the start, the stop was done. */
const afterTheStop = (outcome: Outcome): Outcome => {
  switch (outcome._tag) {
    case 'Done':
      return { ...outcome, changed: true }
    case 'Failed':
    case 'Unreachable':
    case 'Locked':
      return { ...outcome, ...reason`it was stopped, and then: ${outcome}` }
    case 'Skipped':
      return outcome
  }
}
