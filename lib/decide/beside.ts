/** Services that share their hosts. */
import type { HostService } from '../model/catalog.js'
import type { HostName, ServiceName } from '../model/names.js'
import { type StepId, stepId } from '../model/plan.js'

/** The services that it requires on its own host. */
export const besides = ({ requiresHere, host }: HostService): readonly StepId[] =>
  requiresHere.map(name => stepId({ name, host }))

/** Is one that is required on each host of one that requires it? */
export const areBeside = (
  services: readonly HostService[],
): ((requiring: ServiceName, required: ServiceName) => boolean) => {
  const known = new Map<string, boolean>()
  const hostsOf = (wanted: ServiceName): ReadonlySet<HostName> =>
    new Set(services.flatMap(({ name, host }) => (name === wanted ? [host] : [])))
  return (requiring, required) => {
    const key = `${requiring} ${required}`
    const found = known.get(key) ?? isWithin(hostsOf(requiring), hostsOf(required))
    known.set(key, found)
    return found
  }
}

const isWithin = (some: ReadonlySet<HostName>, others: ReadonlySet<HostName>): boolean =>
  [...some].every(host => others.has(host))
