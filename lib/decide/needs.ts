/** Where what the starts of a play require has to be. */
import type { Catalog, Requirement } from '../model/catalog.js'
import { groupBy } from '../model/group-by.js'
import type { HostName, ServiceName } from '../model/names.js'
import type { DesiredService } from '../model/playbook.js'
import type { InputProblem } from '../model/problem.js'

/** What requires a service, and on which hosts that is to be started. */
type Need = Readonly<{ service: ServiceName; requirement: Requirement; hosts: readonly HostName[] }>

/** By what is required for the starts among these. */
export const needsOf = (
  desired: readonly DesiredService[],
  catalog: Catalog,
): ReadonlyMap<ServiceName, readonly Need[]> => {
  const starting = groupBy(
    desired.filter(({ state }) => state === 'running'),
    ({ service }) => service.name,
  )
  const needs = [...starting].flatMap(([service, all]) =>
    (catalog.get(service)?.requires ?? []).map(
      (requirement): Need => ({ service, requirement, hosts: all.map(one => one.service.host) }),
    ),
  )
  return groupBy(needs, ({ requirement }) => requirement.value)
}

/** Of the hosts that it lives on, those where it is needed. */
export const whereNeeded = (needs: readonly Need[], homes: readonly HostName[]): readonly HostName[] => {
  if (needs.some(({ requirement }) => requirement.where === 'all_hosts')) return homes
  const wanted = new Set(needs.flatMap(({ hosts }) => hosts))
  return homes.filter(host => wanted.has(host))
}

/** What is needed on hosts that it does not live on; `pattern` is where it does. */
export const notBeside = (
  needs: readonly Need[],
  homes: readonly HostName[],
  pattern: string,
): readonly InputProblem[] => {
  const there = new Set(homes)
  return needs.flatMap(({ service, requirement, hosts }): readonly InputProblem[] => {
    const { where, value: requires, at } = requirement
    const without = where === 'same_host' ? hosts.filter(host => !there.has(host)) : []
    return without.length === 0 ? [] : [{ _tag: 'NotBeside', at, service, requires, hosts: without, pattern }]
  })
}
