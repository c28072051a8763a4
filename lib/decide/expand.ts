/** From what was written to what should be so on each host: patterns, variables and requirements resolved. */
import * as E from 'fp-ts/lib/Either.js'
import { type BecomeWish, noWish, orElse } from '../model/become.js'
import type { Catalog, CatalogService, HostService } from '../model/catalog.js'
import type { HostPattern, Inventory } from '../model/inventory.js'
import type { HostName, ServiceName } from '../model/names.js'
import { stepId } from '../model/plan.js'
import type { DesiredService, ExpandedPlay, Expansion, Play, Playbook } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { Rollout } from '../model/rollout.js'
import type { Hole, Template, Variables } from '../model/template.js'
import { sizeOf } from './batches.js'
import { contradictionsIn } from './contradictions.js'
import { dependantsLeft } from './dependants.js'
import { type Notes, notesOn } from './expansion-notes.js'
import type { Scope } from './expression/scope.js'
import { finish } from './finish-expansion.js'
import { findCycle } from './graph.js'
import { findHost, hostsMatching } from './hosts.js'
import { type Layers, scopeWith } from './layers.js'
import { needsOf, notBeside, whereNeeded } from './needs.js'
import { partsOf } from './parts.js'
import { placingOf } from './place-alike.js'
import { placeRollout } from './place-rollout.js'
import { holdsTrue } from './variables.js'

/** All that has to be known before the first look; the Left holds every mistake found on the way. */
export const expandPlaybook = (
  playbook: Playbook,
  inventory: Inventory,
  limit: HostPattern | null,
): E.Either<InputProblems, Expansion> => {
  const notes = notesOn(inventory)
  const limited = limitedTo(limit, notes)
  notes.warnings.push(...dependantsLeft(playbook))
  return finish(
    playbook.plays.flatMap((play, i) => expandPlay(play, i, limited, notes)),
    notes,
  )
}

/** Every service of a catalog on its hosts, for looking only. */
export const expandCatalog = (
  catalog: Catalog,
  inventory: Inventory,
  limit: HostPattern | null,
): E.Either<InputProblems, Expansion> => {
  const notes = notesOn(inventory)
  const limited = limitedTo(limit, notes)
  const services = [...catalog.values()].flatMap(service => {
    const hosts = notes.keep(hostsMatching(service.hosts, inventory)).filter(host => limited.has(host))
    return placeOn(hosts, service, ownLayers(service, notes), notes)
  })
  notes.problems.push(...circlesIn(catalog))
  return finish([{ name: 'status', desired: [], prerequisites: services }], notes)
}

/** Hosts alone, with nothing that should be so on them. */
export const expandHosts = (pattern: HostPattern, inventory: Inventory): E.Either<InputProblems, Expansion> => {
  const notes = notesOn(inventory)
  const hosts = hostsMatching(pattern, inventory)
  if (E.isRight(hosts) && hosts.right.length === 0) {
    notes.problems.push({ _tag: 'BadUsage', reason: `${pattern.text} is no host of ${inventory.file}` })
  }
  for (const host of notes.keep(hosts)) notes.hosts.add(host)
  return finish([], notes)
}

const limitedTo = (limit: HostPattern | null, { inventory, problems, keep }: Notes): ReadonlySet<HostName> => {
  if (limit === null) return new Set([...inventory.hosts.keys(), ...(inventory.localhost?.keys() ?? [])] as HostName[])
  const hosts = hostsMatching(limit, inventory)
  // A run on no host would look like one that found nothing to do.
  if (E.isRight(hosts) && hosts.right.length === 0) {
    problems.push({ _tag: 'BadUsage', reason: `the limit ${limit.text} leaves no host of ${inventory.file}` })
  }
  return new Set(keep(hosts))
}

/** One for each batch. */
const expandPlay = (
  play: Play,
  number: number,
  limited: ReadonlySet<HostName>,
  notes: Notes,
): readonly ExpandedPlay[] => {
  const { inventory, problems, keep } = notes
  const ofPlay = hostsMatching(play.hosts, inventory)
  const hostsOfPlay = new Set(keep(ofPlay))
  const witnesses: HostService[] = []
  const desired = play.services.flatMap((wish): readonly DesiredService[] => {
    const { vars, when, state, startedAfterMs, tags } = wish
    const { value: name, at } = wish.service
    const service = play.catalog.get(name)
    if (service === undefined) return []
    const everywhere = hostsMatching(service.hosts, inventory)
    const homes = keep(everywhere)
    const hosts = homes.filter(host => hostsOfPlay.has(host))
    // Of an unknown host or group it is enough to say that.
    const known = E.isRight(ofPlay) && E.isRight(everywhere)
    if (hosts.length === 0 && known) problems.push(nowhere(name, at, [play.hosts, service.hosts]))
    const here = hosts.filter(host => limited.has(host))
    const layers = layersOf(service, [play.vars, service.vars, vars], notes)
    const counted = { ...service, maxUnavailable: play.rollout.maxUnavailable ?? service.maxUnavailable }
    const place = (where: readonly HostName[]) =>
      placeOn(where, counted, layers, notes, play.become).map(one => withLimit(one, counted, homes.length))
    const wished = new Set(meeting(when, here, layers, notes))
    if (counted.maxUnavailable !== null) witnesses.push(...place(homes.filter(host => !wished.has(host))))
    return place([...wished]).map(service => ({ service, hooksDue: [], state, startedAfterMs, tags }))
  })
  problems.push(...circlesIn(play.catalog), ...contradictionsIn(play, desired))
  const expanded = { name: play.name, desired, witnesses, prerequisites: prerequisitesOf(desired, play, notes) }
  const rollout = rolloutOf(play, notes)
  const parts = partsOf({ play: number, at: play.at, expanded, rollout }, [...hostsOfPlay])
  problems.push(...parts.problems)
  return parts.plays
}

/** How many of its instances are all is known only here. */
const withLimit = (placed: HostService, { maxUnavailable }: CatalogService, of: number): HostService =>
  maxUnavailable === null ? placed : { ...placed, maxUnavailable: { most: sizeOf(maxUnavailable, of), of } }

/** What is asked between batches is asked from this machine, and has its variables. */
const rolloutOf = ({ rollout, vars }: Play, { inventory, problems, around }: Notes): Rollout => {
  const name = 'localhost' as HostName
  const variables = findHost(name, inventory)?.variables ?? new Map()
  const layers = { defaults: new Map(), above: [vars], extra: inventory.extra ?? new Map() }
  const scope = scopeWith({ name, at: { file: inventory.file, line: 1, column: 1 }, variables }, layers, around)
  const placed = placeRollout(rollout, scope)
  problems.push(...placed.problems)
  return placed.rollout
}

/** What the play's starts require and the play itself does not settle, wherever it lives and whatever the limit is. */
const prerequisitesOf = (
  desired: readonly DesiredService[],
  { catalog, vars, become }: Play,
  notes: Notes,
): readonly HostService[] => {
  const required = needsOf(desired, catalog)
  if (required.size === 0) return []
  const settled = new Set(desired.map(({ service }) => stepId(service)))
  return [...required].flatMap(([name, needs]) => {
    const service = catalog.get(name)
    if (service === undefined) return []
    const everywhere = hostsMatching(service.hosts, notes.inventory)
    const homes = notes.keep(everywhere)
    if (homes.length > 0) notes.problems.push(...notBeside(needs, homes, service.hosts.text))
    else if (E.isRight(everywhere)) notes.problems.push(nowhere(name, service.at, [service.hosts]))
    const others = whereNeeded(needs, homes).filter(host => !settled.has(stepId({ name, host })))
    return placeOn(others, service, layersOf(service, [vars, service.vars], notes), notes, become)
  })
}

const layersOf = (service: CatalogService, above: readonly Variables[], { inventory }: Notes): Layers => ({
  defaults: service.defaults,
  above,
  extra: inventory.extra ?? new Map(),
})

const ownLayers = (service: CatalogService, notes: Notes): Layers => layersOf(service, [service.vars], notes)

/** The hosts where every condition holds. */
const meeting = (
  when: readonly Hole[],
  hosts: readonly HostName[],
  layers: Layers,
  { inventory, problems, around }: Notes,
): readonly HostName[] => {
  if (when.length === 0) return hosts
  return hosts.filter(name => {
    const host = findHost(name, inventory)
    return host !== undefined && allHold(when, scopeWith(host, layers, around), problems)
  })
}

/** As in Ansible, what stands behind one that does not hold may make no sense. */
const allHold = (when: readonly Hole[], scope: Scope, problems: InputProblem[]): boolean => {
  for (const condition of when) {
    const holds = holdsTrue(condition, scope)
    if (E.isLeft(holds)) problems.push(holds.left)
    if (E.isLeft(holds) || !holds.right) return false
  }
  return true
}

const placeOn = (
  hosts: readonly HostName[],
  service: CatalogService,
  layers: Layers,
  { inventory, hosts: noted, around, problems }: Notes,
  become: BecomeWish<Template> = noWish,
): readonly HostService[] => {
  const place = placingOf(service, layers, orElse(become, inventory.become), around)
  const services: HostService[] = []
  for (const name of hosts) {
    noted.add(name)
    const host = findHost(name, inventory)
    const placed = host === undefined ? E.left([]) : place(host)
    if (E.isRight(placed)) services.push(placed.right)
    else problems.push(...placed.left)
  }
  return services
}

const nowhere = (
  service: ServiceName,
  at: CatalogService['at'],
  patterns: readonly [HostPattern, ...HostPattern[]],
): InputProblem => {
  const pattern = [...new Set(patterns.map(({ text }) => text))].join(' and ')
  return { _tag: 'Nowhere', at, service, pattern }
}

/** The services of a circle found are left out of the next search, so that another one is found too. */
const circlesIn = (catalog: Catalog): readonly InputProblem[] => {
  const left = new Map(catalog)
  const problems: InputProblem[] = []
  for (;;) {
    const cycle = findCycle(left.keys(), name => left.get(name)?.requires.map(({ value }) => value) ?? [])
    const at = cycle?.[0] === undefined ? undefined : catalog.get(cycle[0])?.at
    if (cycle === null || at === undefined) return problems
    problems.push({ _tag: 'DependencyCycle', at, of: 'services', cycle })
    for (const name of cycle) left.delete(name)
  }
}
