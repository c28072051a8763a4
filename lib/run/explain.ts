/** One service on one host, with everything that its verdict and what would be done about it rest on. */
import * as E from 'fp-ts/lib/Either.js'
import { explain } from '../decide/explain.js'
import type { HostService } from '../model/catalog.js'
import type { Explanation } from '../model/explanation.js'
import type { Expansion } from '../model/playbook.js'
import { looksFor } from './observe-hosts.js'
import type { RunContext } from './run-context.js'

/** Looks at its host and at those of the services it requires and of those that require it. The Left says why not. */
export const explainService = async (
  service: HostService,
  expansion: Expansion,
  context: RunContext,
): Promise<E.Either<string, Explanation>> => {
  const all = expansion.plays.flatMap(({ prerequisites }) => prerequisites)
  const concerned = all.filter(
    ({ host, name, requires }) =>
      host === service.host || service.requires.includes(name) || requires.includes(service.name),
  )
  const hosts = new Set(concerned.map(({ host }) => host))
  const routes = new Map([...expansion.routes].filter(([host]) => hosts.has(host)))
  const plays = [{ name: 'explain', desired: [], prerequisites: concerned }]
  const looks = await looksFor({ ...expansion, plays, routes }, context)
  return E.map((look: Parameters<typeof explain>[1]) => explain(service, look, concerned, looks))(
    looks.get(service.host) ?? E.left('it was not looked at'),
  )
}
