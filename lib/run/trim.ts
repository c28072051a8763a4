/** Ending copies too many, each by a proved signal; the one that is kept is looked after. */
import * as E from 'fp-ts/lib/Either.js'
import type { Action } from '../model/plan.js'
import { reason } from '../model/reason.js'
import { confirm } from './commands.js'
import { endProcesses } from './end-processes.js'
import { failed, type Outcome, unreachable } from './outcome.js'
import { startService } from './start.js'
import type { StepContext } from './step-context.js'
import { namesOf } from './stop.js'

type Trim = Extract<Action, { _tag: 'Trim' }>

export const trimService = async (context: StepContext, { watch, escalation }: Trim): Promise<Outcome> => {
  const confirmed = await confirm(context)
  if (E.isLeft(confirmed)) return confirmed.left
  const end = await endProcesses(context, watch, escalation, 0)
  if (end.broken !== null) return end.broken
  if (end.lost !== null) return unreachable(reason`whether the copies have ended is not known: ${end.lost}`)
  if (end.left.length > 0) {
    return failed(reason`still there: ${namesOf(end.left)}${end.notes.join('')}`, 'see why they do not end')
  }
  const kept = await startService(context, [])
  return kept._tag === 'Done' ? { ...kept, changed: true } : kept
}
