/** Starts that cannot be begun, because what they require cannot be relied on. */
import type { HostService } from '../model/catalog.js'
import { type Action, stepId } from '../model/plan.js'
import type { ExpandedPlay } from '../model/playbook.js'
import { type Reason, reason, toldReason } from '../model/reason.js'
import { sameHostHint } from '../model/words.js'
import { areBeside, besides } from './beside.js'

/** Why it cannot be started, or null: what it requires is not in the play and cannot be relied on. */
export type RefusalOf = (service: HostService) => Action | null

/** `lacks`: what each service that is only looked at is or cannot be, null where it can be relied on. */
export const refusalsIn = (play: ExpandedPlay, lacks: ReadonlyMap<HostService, Reason | null>): RefusalOf => {
  const { desired, prerequisites, part } = play
  const lacking = prerequisites.filter(service => (lacks.get(service) ?? null) !== null)
  if (lacking.length === 0) return () => null
  const byName = new Map(lacking.toReversed().map(service => [service.name, service]))
  const byId = new Map(lacking.map(service => [stepId(service), service]))
  const earlier = (part?.earlier ?? []).map(({ service }) => service)
  const toStart = new Set(earlier.map(stepId))
  const beside = areBeside([...desired.map(({ service }) => service), ...earlier, ...prerequisites])
  return service => {
    const anywhere = service.requires.map(name => byName.get(name)).find(one => one !== undefined)
    const found =
      anywhere ??
      besides(service)
        .map(id => byId.get(id))
        .find(one => one !== undefined)
    const lack = found === undefined ? null : (lacks.get(found) ?? null)
    if (found === undefined || lack === null) return null
    const why = reason`it requires ${found.name} on ${found.host}, which ${lack}`
    const left = toStart.has(stepId(found)) ? 'an earlier batch was to start it' : 'this play leaves it as it is'
    const isMeantHere = found.host !== service.host && beside(service.name, found.name)
    const hint = isMeantHere ? `; ${sameHostHint(service.name, found.name)}` : ''
    return { _tag: 'Refuse', ...toldReason(why), wayOut: `see that it runs first: ${left}${hint}` }
  }
}
