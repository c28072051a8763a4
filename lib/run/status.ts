/** What runs where, right now. */
import { type Judged, notLookedAt, verdictsOn } from '../decide/host-steps.js'
import { servicesByHost } from '../decide/plan.js'
import type { HostService } from '../model/catalog.js'
import type { HostName, ServiceName } from '../model/names.js'
import type { Expansion } from '../model/playbook.js'
import { seeFor } from './observe-hosts.js'
import type { RunContext } from './run-context.js'

/** `verdict` is a Left where the host could not be looked at, and says why. */
export type ServiceStatus = Readonly<{ host: HostName; service: ServiceName; verdict: Judged }>

export const statusOf = async (expansion: Expansion, context: RunContext): Promise<readonly ServiceStatus[]> => {
  const services = expansion.plays.flatMap(({ prerequisites }) => prerequisites)
  const byHost = servicesByHost(services)
  const verdicts = new Map<HostService, Judged>()
  await seeFor(expansion, context, (host, look) => {
    const here = byHost.get(host) ?? []
    const verdictOf = verdictsOn(look, here)
    for (const service of here) verdicts.set(service, verdictOf(service))
  })
  return services.map(service => ({
    host: service.host,
    service: service.name,
    verdict: verdicts.get(service) ?? notLookedAt,
  }))
}
