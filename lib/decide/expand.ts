/** From what was written to what should be so on each host: patterns, variables and requirements resolved. */
import * as E from 'fp-ts/lib/Either.js'
import type { Catalog, CatalogService, HostService } from '../model/catalog.js'
import type { HostPattern, Inventory, Route } from '../model/inventory.js'
import type { HostName, ServiceName } from '../model/names.js'
import type { DesiredService, ExpandedPlay, Expansion, Play, Playbook } from '../model/playbook.js'
import { distinct, type InputProblem, type InputProblems } from '../model/problem.js'
import { findCycle } from './graph.js'
import { hostsMatching } from './hosts.js'
import { placeService } from './place-service.js'
import { routeOf } from './route.js'

/** All that has to be known before the first look; the Left holds every mistake found on the way. */
export const expandPlaybook = (
  playbook: Playbook,
  inventory: Inventory,
  limit: HostPattern | null,
): E.Either<InputProblems, Expansion> => {
  const problems = new Set<InputProblem>()
  const collect = collector(problems)
  const limited = limitedTo(limit, inventory, collect)
  const plays = playbook.plays.map(play => expandPlay(play, inventory, limited, collect))
  return finish(plays, inventory, problems, collect)
}

/** Every service of a catalog on its hosts, for looking only. */
export const expandCatalog = (
  catalog: Catalog,
  inventory: Inventory,
  limit: HostPattern | null,
): E.Either<InputProblems, Expansion> => {
  const problems = new Set<InputProblem>()
  const collect = collector(problems)
  const limited = limitedTo(limit, inventory, collect)
  const services = [...catalog.values()].flatMap(service => {
    const hosts = collect(hostsMatching(service.hosts, inventory)).filter(host => limited.has(host))
    return placeOn(hosts, service, inventory, collect)
  })
  return finish([{ name: 'status', desired: [], prerequisites: services }], inventory, problems, collect)
}

const limitedTo = (limit: HostPattern | null, inventory: Inventory, collect: Collect): ReadonlySet<HostName> => {
  if (limit === null) return new Set(inventory.hosts.keys())
  const hosts = hostsMatching(limit, inventory)
  // A run on no host would look like one that found nothing to do.
  if (E.isRight(hosts) && hosts.right.length === 0) {
    collect(E.left([{ _tag: 'BadUsage', reason: `-l ${limit.text} leaves no host of ${inventory.file}` }]))
  }
  return new Set(collect(hosts))
}

type Collect = <A>(result: E.Either<readonly InputProblem[], readonly A[]>) => readonly A[]

/** Keeps the problems and goes on with what there is, so that all mistakes are found at once. */
const collector =
  (problems: Set<InputProblem>): Collect =>
  result => {
    if (E.isRight(result)) return result.right
    for (const problem of result.left) problems.add(problem)
    return []
  }

const expandPlay = (
  play: Play,
  inventory: Inventory,
  limited: ReadonlySet<HostName>,
  collect: Collect,
): ExpandedPlay => {
  const ofPlay = hostsMatching(play.hosts, inventory)
  const hostsOfPlay = new Set(collect(ofPlay))
  const desired = play.services.flatMap(({ service: { value: name, at }, state }): readonly DesiredService[] => {
    const service = play.catalog.get(name)
    if (service === undefined) return []
    const everywhere = hostsMatching(service.hosts, inventory)
    const hosts = collect(everywhere).filter(host => hostsOfPlay.has(host))
    // Of an unknown host or group it is enough to say that.
    const known = E.isRight(ofPlay) && E.isRight(everywhere)
    if (hosts.length === 0 && known) collect(nowhere(name, at, [play.hosts, service.hosts]))
    const here = hosts.filter(host => limited.has(host))
    return placeOn(here, service, inventory, collect).map(placed => ({ service: placed, state }))
  })
  checkCycles(play.catalog, collect)
  checkContradictions(play, collect)
  return { name: play.name, desired, prerequisites: prerequisitesOf(desired, play.catalog, inventory, collect) }
}

/** What the play's starts require and the play itself does not settle, wherever it lives and whatever the limit is. */
const prerequisitesOf = (
  desired: readonly DesiredService[],
  catalog: Catalog,
  inventory: Inventory,
  collect: Collect,
): readonly HostService[] => {
  const settled = new Set(desired.map(({ service }) => `${service.name}@${service.host}`))
  const starting = new Set(desired.filter(({ state }) => state === 'running').map(({ service }) => service.name))
  const required = new Set([...starting].flatMap(name => catalog.get(name)?.requires.map(({ value }) => value) ?? []))
  return [...required].flatMap(name => {
    const service = catalog.get(name)
    if (service === undefined) return []
    const everywhere = hostsMatching(service.hosts, inventory)
    const hosts = collect(everywhere)
    if (hosts.length === 0 && E.isRight(everywhere)) collect(nowhere(name, service.at, [service.hosts]))
    const others = hosts.filter(host => !settled.has(`${name}@${host}`))
    return placeOn(others, service, inventory, collect)
  })
}

const placeOn = (
  hosts: readonly HostName[],
  service: CatalogService,
  inventory: Inventory,
  collect: Collect,
): readonly HostService[] =>
  hosts.flatMap(name => {
    const host = inventory.hosts.get(name)
    return host === undefined ? [] : collect(E.map((placed: HostService) => [placed])(placeService(service, host)))
  })

const nowhere = (
  service: ServiceName,
  at: CatalogService['at'],
  patterns: readonly HostPattern[],
): E.Either<InputProblem[], never> => {
  const pattern = [...new Set(patterns.map(({ text }) => text))].join(' and ')
  return E.left([{ _tag: 'Nowhere', at, service, pattern }])
}

/** The services of a circle found are left out of the next search, so that another one is found too. */
const checkCycles = (catalog: Catalog, collect: Collect): void => {
  const left = new Map(catalog)
  const requires = (name: ServiceName) => left.get(name)?.requires.map(({ value }) => value) ?? []
  for (;;) {
    const cycle = findCycle(left.keys(), requires)
    const at = cycle?.[0] === undefined ? undefined : catalog.get(cycle[0])?.at
    if (cycle === null || at === undefined) return
    collect(E.left([{ _tag: 'DependencyCycle', at, of: 'services', cycle }]))
    for (const name of cycle) left.delete(name)
  }
}

const checkContradictions = ({ services, catalog }: Play, collect: Collect): void => {
  const stopping = new Set(services.filter(({ state }) => state === 'stopped').map(({ service }) => service.value))
  for (const { service, state } of services) {
    if (state === 'stopped') continue
    const required = catalog.get(service.value)?.requires.find(({ value }) => stopping.has(value))?.value
    if (required === undefined) continue
    collect(E.left([{ _tag: 'Contradiction', at: service.at, service: service.value, requires: required }]))
  }
}

const finish = (
  plays: readonly ExpandedPlay[],
  inventory: Inventory,
  problems: Set<InputProblem>,
  collect: Collect,
): E.Either<InputProblems, Expansion> => {
  const named = new Set(
    plays.flatMap(play => [
      ...play.desired.map(({ service }) => service.host),
      ...play.prerequisites.map(({ host }) => host),
    ]),
  )
  const routes = new Map<HostName, Route>()
  for (const host of inventory.hosts.values()) {
    if (!named.has(host.name)) continue
    const [route] = collect(E.map((found: Route) => [found])(routeOf(host)))
    if (route !== undefined) routes.set(host.name, route)
  }
  const [first, ...rest] = distinct([...problems])
  return first === undefined ? E.right({ plays, routes }) : E.left([first, ...rest])
}
