/** A stop and the start that is then missing, each looked at again right before it. */
import * as E from 'fp-ts/lib/Either.js'
import { decideAction } from '../decide/action.js'
import { judge } from '../decide/judge.js'
import type { Action, Step } from '../model/plan.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import { failed, type Outcome } from './outcome.js'
import { startService } from './start.js'
import type { StepContext } from './step-context.js'
import { stopService } from './stop.js'

type Restart = Extract<Action, { _tag: 'Restart' }>

export const restartService = async (context: StepContext, { stop }: Restart): Promise<Outcome> => {
  const { step, service, session } = context
  const stopping: Step = { ...step, desired: 'stopped', startedAfterMs: null, action: stop }
  const stopped = await stopService({ ...context, step: stopping }, stop)
  if (stopped._tag !== 'Done') return stopped
  const look = await session.look()
  if (E.isLeft(look)) {
    return {
      _tag: 'Unreachable',
      why: `it was stopped, and then the host could not be looked at: ${remoteErrorInWords(look.left)}`,
    }
  }
  const found = judge(service, look.right)
  const action = decideAction(service, { state: 'running', startedAfterMs: null }, found)
  const starting: Step = { ...step, startedAfterMs: null, found, action }
  switch (action._tag) {
    case 'Start':
      return startService({ ...context, step: starting }, action.launches)
    // Something else has started it: that is looked after, and not done again.
    case 'None':
    case 'Wait':
      return changedOf(await startService({ ...context, step: starting }, []))
    case 'Refuse':
      return failed(`it was stopped, and then not started: ${action.why}`, action.wayOut)
    case 'Restart':
    case 'Trim':
    case 'Stop':
    case 'Unreachable':
      return failed('it was stopped, and then found in a state that it cannot be started from', 'see steward explain')
  }
}

const changedOf = (outcome: Outcome): Outcome => (outcome._tag === 'Done' ? { ...outcome, changed: true } : outcome)
