/** Why a verdict is what it is. */
import * as E from 'fp-ts/lib/Either.js'
import type { Explanation as Explained, Neighbour } from '../model/explanation.js'
import type { Observation } from '../model/observation.js'
import type { Action, PlannedHook } from '../model/plan.js'
import type { Verdict } from '../model/verdict.js'
import { explainService } from '../run/explain.js'
import { findService } from './find-service.js'
import type { CatalogInput } from './input.js'
import { orReject } from './load.js'
import { type JudgeOptions, looking, type ServiceStatus, serviceStatus, withLooks } from './look.js'
import { hiderFor } from './options.js'

/** What would be done, the commands around it, and the services it waits for to be as they should. */
export type Consequence = Readonly<{
  action: Action
  hooks: readonly PlannedHook[]
  waitsFor: readonly ServiceStatus[]
}>

/** One service on one host: what was seen of its host, what is so by that, and what would follow. */
export type Explanation = Readonly<{ host: string; service: string }> &
  (
    | Readonly<{
        observation: Observation
        verdict: Verdict
        /** If it should run. */
        toRun: Consequence
        /** If it should be stopped. */
        toStop: Consequence
        unreachable: null
      }>
    | Readonly<{ observation: null; verdict: null; toRun: null; toStop: null; unreachable: string }>
  )

/**
 * All that the verdict on a service, `SERVICE@HOST`, rests on. Looks at its host, and at those of the services that it
 * requires and that require it, which a `limit` does not leave out. Rejects with an `InputError`.
 */
export const explain = (name: string, input: CatalogInput, options: JudgeOptions = {}): Promise<Explanation> => {
  const { limit: _, ...unlimited } = input
  return looking(unlimited, options, async (expansion, context) => {
    const service = orReject(findService(name, expansion))
    const explained = await explainService(service, expansion, withLooks(context, options))
    const which = { host: service.host, service: service.name }
    if (E.isRight(explained))
      return hiderFor(expansion, options.access ?? {})({ ...which, ...inWhole(explained.right) })
    return { ...which, observation: null, verdict: null, toRun: null, toStop: null, unreachable: explained.left }
  })
}

const inWhole = ({ observation, verdict, toRun, toStop }: Explained) => ({
  observation,
  verdict,
  toRun: consequenceOf(toRun),
  toStop: consequenceOf(toStop),
  unreachable: null,
})

const consequenceOf = ({ action, hooks, waitsFor }: Explained['toRun']): Consequence => ({
  action,
  hooks,
  waitsFor: waitsFor.map((neighbour: Neighbour) => serviceStatus(neighbour)),
})
