/** Of all services on their hosts just some, by name. */
import * as E from 'fp-ts/lib/Either.js'
import type { Catalog } from '../model/catalog.js'
import { type Expansion, servicesOf } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'

/** Each name has to be one of the catalog, and to live on a host. None: that of every service. */
export const onlyServices = (
  names: readonly string[],
  catalog: Catalog,
  expansion: Expansion,
): E.Either<InputProblems, Expansion> => {
  if (names.length === 0) return E.right(expansion)
  const known = [...catalog.keys()]
  const placed = new Set<string>(expansion.plays.flatMap(servicesOf).map(({ name }) => name))
  const [first, ...rest] = [...new Set(names)].flatMap((service): readonly InputProblem[] => {
    if (!known.some(name => name === service)) return [{ _tag: 'UnknownService', at: null, service, known }]
    return placed.has(service) ? [] : [{ _tag: 'BadUsage', reason: `${service} lives on none of these hosts` }]
  })
  return first === undefined ? E.right(onTheirHosts(new Set(names), expansion)) : E.left([first, ...rest])
}

/** What lives beside them stays: it tells whose a process is. */
const onTheirHosts = (names: ReadonlySet<string>, expansion: Expansion): Expansion => {
  const named = expansion.plays.flatMap(servicesOf).filter(({ name }) => names.has(name))
  const hosts = new Set(named.map(({ host }) => host))
  return {
    ...expansion,
    plays: expansion.plays.map(play => ({
      ...play,
      prerequisites: play.prerequisites.filter(({ host }) => hosts.has(host)),
    })),
    routes: new Map([...expansion.routes].filter(([host]) => hosts.has(host))),
  }
}
