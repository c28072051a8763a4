/** Which hooks stand around what is to be done, and those that an earlier run has left undone. */
import type { AfterMoment, HookMoment, HostService } from '../model/catalog.js'
import { type Action, type PlannedHook, type StepId, stepId } from '../model/plan.js'
import type { DesiredService, Expansion } from '../model/playbook.js'

/** What is as it should be has still to be finished where its hooks are due. */
export const unlessHooksAreDue = (action: Action, { service, state, hooksDue }: DesiredService): Action => {
  const moment = state === 'running' ? 'afterStart' : 'afterStop'
  const isDue = hooksDue.includes(moment) && service.hooks[moment].length > 0
  return action._tag === 'None' && isDue ? { _tag: 'Finish', why: action.why, moment } : action
}

/** In the order in which they are run. */
export const hooksAround = (
  action: Action,
  service: HostService,
  due: readonly AfterMoment[],
): readonly PlannedHook[] => {
  switch (action._tag) {
    case 'Start':
      return hooksAt(service, ...due.filter(moment => moment === 'afterStop'), 'beforeStart', 'afterStart')
    case 'Stop':
      return hooksAt(service, 'beforeStop', 'afterStop')
    case 'Restart':
      return hooksAt(service, 'beforeStop', 'afterStop', 'beforeStart', 'afterStart')
    case 'Wait':
      return hooksAt(service, ...due.filter(moment => moment === 'afterStart'))
    case 'Finish':
      return hooksAt(service, action.moment)
    case 'None':
    case 'Trim':
    case 'Refuse':
    case 'Unreachable':
      return []
  }
}

export const hooksAt = ({ hooks }: HostService, ...moments: readonly HookMoment[]): readonly PlannedHook[] =>
  moments.flatMap(moment => hooks[moment].map(hook => ({ ...hook, moment })))

/** The same, with what an earlier run has left undone: once, in the first play that has to do with the service. */
export const withHooksDue = (expansion: Expansion, due: ReadonlyMap<StepId, readonly AfterMoment[]>): Expansion => {
  const rest = new Map(due)
  const take = (service: HostService): readonly AfterMoment[] => {
    const id = stepId(service)
    const moments = rest.get(id) ?? []
    rest.delete(id)
    return moments
  }
  const plays = expansion.plays.map(play => {
    return { ...play, desired: play.desired.map(one => ({ ...one, hooksDue: take(one.service) })) }
  })
  return { ...expansion, plays }
}
