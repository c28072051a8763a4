/** The hooks that an earlier run has left undone, where all else is as it should be. */
import * as E from 'fp-ts/lib/Either.js'
import type { AfterMoment } from '../model/catalog.js'
import { confirm } from './commands.js'
import { runHooks } from './hooks.js'
import { failed, type Outcome } from './outcome.js'
import { startService } from './start.js'
import type { StepContext } from './step-context.js'

/** What runs has to be ready and steady first, as after any start. */
export const finishService = async (context: StepContext, moment: AfterMoment): Promise<Outcome> => {
  const done = moment === 'afterStart' ? await startService(context, []) : await finishStop(context)
  const what = moment === 'afterStart' ? 'start' : 'stop'
  return done._tag === 'Done' ? { ...done, now: `${done.now}; the hooks after its ${what} are done` } : done
}

const finishStop = async (context: StepContext): Promise<Outcome> => {
  const confirmed = await confirm(context)
  if (E.isRight(confirmed)) return failed('it is no longer stopped', 'run this again to plan anew')
  if (confirmed.left._tag !== 'Done') return confirmed.left
  return (await runHooks(context, 'afterStop')) ?? { ...confirmed.left, changed: true }
}
