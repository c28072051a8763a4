/** A play as the batches it is done in, one after the other. */
import type { HostService } from '../model/catalog.js'
import { groupBy, groupByEach } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import { stepId } from '../model/plan.js'
import type { DesiredService, ExpandedPlay } from '../model/playbook.js'
import type { BatchPlace, InputProblem } from '../model/problem.js'
import type { Batch, Rollout } from '../model/rollout.js'
import { batchesOf } from './batches.js'
import { areBeside, besides } from './beside.js'

type Whole = Readonly<{ play: number; at: SourcePos; expanded: ExpandedPlay; rollout: Rollout }>
type Parts = Readonly<{ plays: readonly ExpandedPlay[]; problems: readonly InputProblem[] }>

/** `hosts`: in the order in which they are to change; those without any service to change are in no batch. */
export const partsOf = (whole: Whole, hosts: readonly HostName[]): Parts => {
  const { expanded, rollout, play, at } = whole
  const concerned = new Set(expanded.desired.map(({ service }) => service.host))
  const changing = hosts.filter(host => concerned.has(host))
  const batches = batchesOf(changing, rollout)
  if (batches.length === 0) return { plays: [expanded], problems: [] }
  const playOf = (
    batch: Batch,
    desired: readonly DesiredService[],
    earlier: readonly DesiredService[],
  ): ExpandedPlay => ({
    name: expanded.name,
    desired,
    prerequisites: prerequisitesOf(desired, earlier, expanded),
    witnesses: witnessesOf(batch, expanded),
    part: { play, batch, rollout, hosts: changing.length, earlier },
  })
  // All at once they stay in the order in which they are written.
  const [only, ...others] = batches
  if (only !== undefined && others.length === 0) return { plays: [playOf(only, expanded.desired, [])], problems: [] }
  const order = orderOf(expanded.desired, batches)
  const byHost = groupBy(expanded.desired, ({ service }) => service.host)
  const problems: InputProblem[] = []
  const plays = batches.map((batch): ExpandedPlay => {
    const desired = batch.hosts.flatMap(host => byHost.get(host) ?? [])
    const { earlier, later } = order.around(batch.number, desired)
    problems.push(...later.map((wait): InputProblem => ({ _tag: 'BatchOrder', at, ...wait })))
    return playOf(batch, desired, earlier)
  })
  return { plays, problems }
}

/** Of what the batch starts: what the play leaves alone, and what earlier batches have started. */
const prerequisitesOf = (
  desired: readonly DesiredService[],
  earlier: readonly DesiredService[],
  { prerequisites }: ExpandedPlay,
): readonly HostService[] => {
  const starts = desired.filter(isStart).map(({ service }) => service)
  const required = new Set(starts.flatMap(({ requires }) => requires))
  const here = new Set(starts.flatMap(besides))
  return [
    ...prerequisites.filter(one => required.has(one.name) || (here.size > 0 && here.has(stepId(one)))),
    ...earlier.filter(isStart).map(({ service }) => service),
  ]
}

/** Every instance that counts and is not in the batch itself. */
const witnessesOf = ({ hosts }: Batch, { desired, witnesses = [] }: ExpandedPlay): readonly HostService[] => {
  const counted = desired.map(({ service }) => service).filter(({ maxUnavailable }) => maxUnavailable !== null)
  if (counted.length === 0) return []
  const inBatch = new Set(hosts)
  return [...counted.filter(({ host }) => !inBatch.has(host)), ...witnesses]
}

type Wait = Omit<Extract<InputProblem, { _tag: 'BatchOrder' }>, '_tag' | 'at'>

/**
 * What the services of a batch come after, in the batches around it; of each pair of services one wait is told. What is
 * required on the same host is in the same batch.
 */
const orderOf = (all: readonly DesiredService[], batches: readonly Batch[]) => {
  const numbers = new Map(batches.flatMap(({ hosts, number }) => hosts.map(host => [host, number] as const)))
  const numberOf = ({ service }: DesiredService): number => numbers.get(service.host) ?? 0
  const named = groupBy(all, ({ service }) => service.name)
  const requiring = groupByEach(all, ({ service }) => service.requires)
  const comesAfter = (one: DesiredService): readonly DesiredService[] =>
    (isStart(one)
      ? one.service.requires.flatMap(name => named.get(name) ?? [])
      : (requiring.get(one.service.name) ?? [])
    ).filter(({ state }) => state === one.state)
  const placeOf = (one: DesiredService): BatchPlace => ({
    service: one.service.name,
    host: one.service.host,
    batch: numberOf(one),
  })
  const beside = areBeside(all.map(({ service }) => service))
  const told = new Set<string>()
  return {
    around: (number: number, desired: readonly DesiredService[]) => {
      const earlier = new Set<DesiredService>()
      const later: Wait[] = []
      for (const one of onePerService(desired)) {
        for (const before of comesAfter(one)) {
          if (numberOf(before) < number) earlier.add(before)
          const pair = `${one.service.name} ${before.service.name}`
          if (numberOf(before) <= number || told.has(pair)) continue
          told.add(pair)
          const [requiring, required] = isStart(one) ? [one, before] : [before, one]
          later.push({
            waits: placeOf(one),
            for: placeOf(before),
            state: one.state,
            beside: beside(requiring.service.name, required.service.name),
          })
        }
      }
      return { earlier: [...earlier], later }
    },
  }
}

/** All hosts of a service wait for the same; the first is told. */
const onePerService = (desired: readonly DesiredService[]): Iterable<DesiredService> =>
  new Map(desired.toReversed().map(one => [`${one.service.name} ${one.state}`, one])).values()

const isStart = ({ state }: DesiredService): boolean => state === 'running'
