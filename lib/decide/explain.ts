/** What a verdict rests on and what would follow from it, put together for a person. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService } from '../model/catalog.js'
import type { Explanation, Neighbour } from '../model/explanation.js'
import type { Looks, Observation } from '../model/observation.js'
import type { DesiredState } from '../model/playbook.js'
import type { Verdict } from '../model/verdict.js'
import { decideAction } from './action.js'
import { hooksAround } from './hooks.js'
import { lookAtHost } from './host-steps.js'
import { judge } from './judge.js'

/** `others` are services anywhere; those that it requires, and those that require it, are its neighbours; by those of its host its processes are told from theirs. */
export const explain = (
  service: HostService,
  observation: Observation,
  others: readonly HostService[],
  looks: Looks,
): Explanation => {
  const verdict = judge(service, observation, others)
  const neighbours = (test: (other: HostService) => boolean): readonly Neighbour[] =>
    others
      .filter(test)
      .map(other => ({ service: other.name, host: other.host, verdict: verdictOn(other, others, looks) }))
  const towards = (state: DesiredState): Pick<Explanation['toRun'], 'action' | 'hooks'> => {
    const action = decideAction(service, { state, startedAfterMs: null }, verdict)
    return { action, hooks: hooksAround(action, service, []) }
  }
  return {
    service,
    observation,
    verdict,
    toRun: {
      ...towards('running'),
      waitsFor: neighbours(other => isRequired(service, other)),
    },
    toStop: {
      ...towards('stopped'),
      waitsFor: neighbours(other => isRequired(other, service)),
    },
  }
}

const isRequired = ({ requires, requiresHere, host }: HostService, other: HostService): boolean =>
  requires.includes(other.name) || (other.host === host && requiresHere.includes(other.name))

const verdictOn = (service: HostService, others: readonly HostService[], looks: Looks): E.Either<string, Verdict> =>
  E.map((look: Observation) => judge(service, look, others))(lookAtHost(looks, service.host))
