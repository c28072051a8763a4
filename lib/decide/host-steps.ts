/** What a play comes to on one host, whatever is on others: its steps come after nothing yet. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService } from '../model/catalog.js'
import type { HostName } from '../model/names.js'
import type { Looks, Observation } from '../model/observation.js'
import { type Action, type Step, stepId } from '../model/plan.js'
import type { DesiredService } from '../model/playbook.js'
import { quoting, type Reason, reason } from '../model/reason.js'
import type { Verdict } from '../model/verdict.js'
import { verdictReason } from '../model/words.js'
import { decideAction } from './action.js'
import { hooksAround, unlessHooksAreDue } from './hooks.js'
import { judgeOn } from './judge.js'

/** The Left says why there is none. */
export type LookAtHost = E.Either<string, Observation>

/** Every host of a play is looked at before it is planned; this says so, should one have been left out. */
export const lookAtHost = (looks: Looks, host: HostName): LookAtHost => looks.get(host) ?? notLookedAt

export const notLookedAt: E.Either<string, never> = E.left('it was not looked at')

/** What is to be done about each of these services; by `others` of the host their processes are told from theirs. */
export const stepsOn = (
  look: LookAtHost,
  desired: readonly DesiredService[],
  others: readonly HostService[],
): readonly Step[] => {
  const verdictOf = verdictsOn(look, [...desired.map(({ service }) => service), ...others])
  return desired.map(one => stepOf(one, verdictOf(one.service)))
}

/** Of each of these services why it cannot be relied on, as what it is or cannot be, null where it can. */
export const lacksOn = (
  look: LookAtHost,
  required: readonly HostService[],
): readonly (readonly [HostService, Reason | null])[] => {
  const verdictOf = verdictsOn(look, [])
  return required.map(service => [service, lackOf(verdictOf(service))])
}

export type Judged = E.Either<string, Verdict>

/** `others` of the host are those whose processes are told from a service's own. */
export const verdictsOn = (look: LookAtHost, others: readonly HostService[]): ((service: HostService) => Judged) => {
  if (E.isLeft(look)) return () => look
  const judged = judgeOn(look.right, others)
  return service => E.right(judged(service))
}

const stepOf = (desired: DesiredService, found: Judged): Step => {
  const { service, state, startedAfterMs, hooksDue } = desired
  const verdict = E.isLeft(found) ? null : found.right
  const action: Action = E.isLeft(found)
    ? { _tag: 'Unreachable', why: found.left }
    : unlessHooksAreDue(decideAction(service, desired, found.right), desired)
  const mostAway = action._tag === 'Restart' ? service.maxUnavailable : null
  const step = {
    id: stepId(service),
    host: service.host,
    service: service.name,
    desired: state,
    startedAfterMs,
    hooks: hooksAround(action, service, hooksDue),
    after: [],
    found: verdict,
    action,
  }
  return mostAway === null ? step : { ...step, mostAway }
}

const lackOf = (found: Judged): Reason | null => {
  if (E.isLeft(found)) return reason`cannot be seen there${quoting(`: ${found.left}`)}`
  return found.right._tag === 'running' ? null : reason`is ${verdictReason(found.right)}`
}
