/** What runs where, right now. */
import * as E from 'fp-ts/lib/Either.js'
import { lookAtHost } from '../decide/host-steps.js'
import { judge } from '../decide/judge.js'
import { servicesByHost } from '../decide/plan.js'
import type { HostName, ServiceName } from '../model/names.js'
import type { Expansion } from '../model/playbook.js'
import type { Verdict } from '../model/verdict.js'
import { looksFor } from './observe-hosts.js'
import type { RunContext } from './run-context.js'

/** `verdict` is a Left where the host could not be looked at, and says why. */
export type ServiceStatus = Readonly<{ host: HostName; service: ServiceName; verdict: E.Either<string, Verdict> }>

export const statusOf = async (expansion: Expansion, context: RunContext): Promise<readonly ServiceStatus[]> => {
  const looks = await looksFor(expansion, context)
  const services = expansion.plays.flatMap(({ prerequisites }) => prerequisites)
  const byHost = servicesByHost(services)
  return services.map(service => {
    const look = lookAtHost(looks, service.host)
    const verdict = E.isLeft(look) ? look : E.right(judge(service, look.right, byHost.get(service.host)))
    return { host: service.host, service: service.name, verdict }
  })
}
