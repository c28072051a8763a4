/** The end of an expansion: how each host of it is reached and looked at, or all that is wrong. */
import * as E from 'fp-ts/lib/Either.js'
import { type Become, noWish, orElse } from '../model/become.js'
import { groupBy } from '../model/group-by.js'
import type { Inventory, Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import { type ExpandedPlay, type Expansion, servicesOf } from '../model/playbook.js'
import { distinct, type InputProblem, type InputProblems } from '../model/problem.js'
import { mapTexts, type Redaction, redactor } from '../model/redact.js'
import { becomeOn, looksAs } from './become.js'
import type { Notes } from './expansion-notes.js'
import { scopeOf } from './expression/scope.js'
import { findHost } from './hosts.js'
import { routeOf } from './route.js'
import { unhonouredBy } from './unhonoured.js'

export const finish = (
  plays: readonly ExpandedPlay[],
  { inventory, problems, warnings: gathered, hosts, redactions, around, keep }: Notes,
): E.Either<InputProblems, Expansion> => {
  const routes = new Map<HostName, Route>()
  const warnings = new Map(gathered.map(warning => [JSON.stringify(warning), warning]))
  const becomes = new Map<HostName, Become | null>()
  const services = plays.flatMap(servicesOf)
  const settled = new Set(services.map(({ host }) => host))
  for (const host of [...inventory.hosts.values(), ...(inventory.localhost?.values() ?? [])]) {
    if (!hosts.has(host.name)) continue
    const scope = scopeOf(host, around)
    const [route] = keep(E.map((found: Route) => [found])(routeOf(host, scope)))
    if (route !== undefined) routes.set(host.name, route)
    // Services have settled it already where none but ansible.cfg says it.
    const wish = settled.has(host.name) ? noWish : orElse(noWish, inventory.become)
    const [become = null] = keep(E.map((found: Become | null) => [found])(becomeOn(scope, noWish, wish)))
    becomes.set(host.name, become)
    for (const warning of unhonouredBy(scope, route?._tag === 'Ssh')) warnings.set(JSON.stringify(warning), warning)
  }
  problems.push(...sameMachines(plays, routes, inventory))
  const lookAs = looksAs(becomes, services)
  const [first, ...rest] = mapTexts(distinct(problems), redactor(redactions), new Set(['_tag']))
  return first === undefined
    ? E.right({ plays, routes, lookAs, warnings: [...warnings.values()], redactions: [...distinctOf(redactions)] })
    : E.left([first, ...rest] as const)
}

/** A secret is met on many hosts. */
const distinctOf = (redactions: readonly Redaction[]): Iterable<Redaction> =>
  new Map(redactions.map(redaction => [redaction.text, redaction])).values()

/** A machine under two names would get two copies of a service, both at once. */
const sameMachines = (
  plays: readonly ExpandedPlay[],
  routes: ReadonlyMap<HostName, Route>,
  inventory: Inventory,
): readonly InputProblem[] => {
  const machines = groupBy(routes, ([, route]) => machineOf(route))
  const shared = new Map(
    [...machines].flatMap(([machine, all]) => (all.length > 1 ? all.map(([host]) => [host, machine] as const) : [])),
  )
  if (shared.size === 0) return []
  const first = new Map<string, HostName>()
  const services = plays.flatMap(({ desired }) => desired.map(({ service }) => service))
  return services.flatMap(({ name, host }): InputProblem[] => {
    const machine = shared.get(host)
    const at = findHost(host, inventory)?.at
    if (machine === undefined || at === undefined) return []
    const other = first.get(`${name} ${machine}`) ?? host
    first.set(`${name} ${machine}`, other)
    return other === host ? [] : [{ _tag: 'SameMachine', at, service: name, host, other }]
  })
}

const machineOf = (route: Route): string => (route._tag === 'Local' ? 'local' : `${route.address} ${route.port ?? 22}`)
