/** A play that wants a service running and stops what that requires. */
import type { Requirement } from '../model/catalog.js'
import type { HostName, ServiceName } from '../model/names.js'
import type { DesiredService, Play } from '../model/playbook.js'
import type { InputProblem } from '../model/problem.js'

/** `desired`: what it comes to on each host, as conditions may keep apart what is required on the same host. */
export const contradictionsIn = (
  { services, catalog }: Play,
  desired: readonly DesiredService[],
): readonly InputProblem[] => {
  const stopping = new Set(services.filter(({ state }) => state === 'stopped').map(({ service }) => service.value))
  if (stopping.size === 0) return []
  return services.flatMap(({ service: { value: service, at }, state }): InputProblem[] => {
    const requires = state === 'running' ? (catalog.get(service)?.requires ?? []) : []
    const isStopped = ({ value, where }: Requirement): boolean =>
      stopping.has(value) && (where === 'all_hosts' || shareHost(service, value, desired))
    const required = requires.find(isStopped)?.value
    return required === undefined ? [] : [{ _tag: 'Contradiction', at, service, requires: required }]
  })
}

const shareHost = (one: ServiceName, other: ServiceName, desired: readonly DesiredService[]): boolean => {
  const hosts = hostsOf(one, desired)
  return [...hostsOf(other, desired)].some(host => hosts.has(host))
}

const hostsOf = (wanted: ServiceName, desired: readonly DesiredService[]): ReadonlySet<HostName> =>
  new Set(desired.flatMap(({ service: { name, host } }) => (name === wanted ? [host] : [])))
