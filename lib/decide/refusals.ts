/** Starts that cannot be begun, because what they require cannot be relied on. */
import type { HostService } from '../model/catalog.js'
import { type Action, stepId } from '../model/plan.js'
import type { ExpandedPlay } from '../model/playbook.js'
import { sameHostHint } from '../model/words.js'
import { areBeside, besides } from './beside.js'

/** Why it cannot be started, or null: what it requires is not in the play and cannot be relied on. */
export type RefusalOf = (service: HostService) => Action | null

/** `lacks`: what each service that is only looked at is or cannot be, null where it can be relied on. */
export const refusalsIn = (play: ExpandedPlay, lacks: ReadonlyMap<HostService, string | null>): RefusalOf => {
  const { desired, prerequisites, part } = play
  const lacking = prerequisites.filter(service => (lacks.get(service) ?? null) !== null)
  if (lacking.length === 0) return () => null
  const byName = new Map(lacking.toReversed().map(service => [service.name, service]))
  const byId = new Map(lacking.map(service => [stepId(service), service]))
  const earlier = (part?.earlier ?? []).map(({ service }) => service)
  const toStart = new Set(earlier.map(stepId))
  const beside = areBeside([...desired.map(({ service }) => service), ...earlier, ...prerequisites])
  return service => {
    const anywhere = service.requires.map(name => byName.get(name)).find(found => found !== undefined)
    const lack =
      anywhere ??
      besides(service)
        .map(id => byId.get(id))
        .find(found => found !== undefined)
    if (lack === undefined) return null
    const why = `it requires ${lack.name} on ${lack.host}, which ${lacks.get(lack)}`
    const left = toStart.has(stepId(lack)) ? 'an earlier batch was to start it' : 'this play leaves it as it is'
    const isMeantHere = lack.host !== service.host && beside(service.name, lack.name)
    const hint = isMeantHere ? `; ${sameHostHint(service.name, lack.name)}` : ''
    return { _tag: 'Refuse', why, wayOut: `see that it runs first: ${left}${hint}` }
  }
}
