/** Which services a playbook has to do with, and in which order; nothing is looked at for it. */
import { groupBy } from '../model/group-by.js'
import type { ServiceName } from '../model/names.js'
import type { DesiredService, ExpandedPlay, Expansion } from '../model/playbook.js'
import type { GraphNode, GraphPlay, GraphState, ServiceGraph } from '../model/service-graph.js'

/** The batches of a play are one. A start comes after what it requires, and a stop after what requires it. */
export const graphServices = ({ plays }: Expansion): ServiceGraph =>
  [...groupBy([...plays.entries()], ([i, { part }]) => part?.play ?? i)].map(([, batches]) =>
    graphPlay(batches.map(([, play]) => play)),
  )

const graphPlay = (batches: readonly ExpandedPlay[]): GraphPlay => {
  const desired = groupBy(
    batches.flatMap(play => play.desired),
    ({ service }) => service.name,
  )
  const lookedAt = groupBy(
    batches.flatMap(play => play.prerequisites).filter(({ name }) => !desired.has(name)),
    ({ name }) => name,
  )
  const isThere = (name: ServiceName): boolean => desired.has(name) || lookedAt.has(name)
  return {
    name: batches[0]?.name ?? '',
    nodes: [
      ...[...desired].map(([service, all]): GraphNode => {
        const [first] = all
        return { service, state: first === undefined ? 'looked at' : stateOf(first), hosts: countHosts(all) }
      }),
      ...[...lookedAt].map(
        ([service, all]): GraphNode => ({
          service,
          state: 'looked at',
          hosts: new Set(all.map(({ host }) => host)).size,
        }),
      ),
    ],
    edges: [...desired].flatMap(([name, [first]]) =>
      (first === undefined ? [] : requiredBy(first)).filter(isThere).flatMap(required => {
        const isStop = first?.state === 'stopped'
        // Stopping something says nothing of what it requires, where that is to go on.
        if (isStop && desired.get(required)?.[0]?.state !== 'stopped') return []
        return [isStop ? ([name, required] as const) : ([required, name] as const)]
      }),
    ),
  }
}

const requiredBy = ({ service }: DesiredService): readonly ServiceName[] => [
  ...service.requires,
  ...service.requiresHere,
]

const stateOf = ({ state, startedAfterMs }: DesiredService): GraphState =>
  state === 'running' && startedAfterMs !== null ? 'restarted' : state

const countHosts = (all: readonly DesiredService[]): number => new Set(all.map(({ service }) => service.host)).size
