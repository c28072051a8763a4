/** Processes that are another service's of the same host: no copies of this one, nor instances of it that nobody declares. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService } from '../model/catalog.js'
import type { Observation, Process } from '../model/observation.js'
import { instancesOf } from './instances.js'
import { matchInstances } from './match.js'
import type { ProcessTable } from './table.js'

/** `others` may hold the service itself and services of other hosts. They are matched once, and only if it is asked. */
export const neighboursOf = (
  service: HostService,
  others: readonly HostService[],
  observation: Observation,
  table: ProcessTable,
): ((process: Process) => boolean) => {
  let known: ReadonlySet<Process> | null = null
  const neighbours = () => others.filter(({ host, name }) => host === service.host && name !== service.name)
  return process => {
    known ??= new Set(neighbours().flatMap(one => processesOf(one, observation, table)))
    return known.has(process)
  }
}

/** Those that fit a declared instance in full. */
const processesOf = (service: HostService, observation: Observation, table: ProcessTable): readonly Process[] => {
  const instances = service.processes
    .map(process => instancesOf(process, observation))
    .flatMap(result => (E.isRight(result) ? result.right : []))
  const matches = matchInstances(instances, table, observation)
  return [...matches.values()].flatMap(({ running }) => running)
}
