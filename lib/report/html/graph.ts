/** What became of each service, in the order of the run: a graph of its plan. */
import { groupBy } from '../../model/group-by.js'
import type { ServiceName } from '../../model/names.js'
import { idParts } from '../../model/plan.js'
import type { GraphNode, GraphPlay, GraphState, ServiceGraph } from '../../model/service-graph.js'
import type { RunReport, StepEnd, StepReport } from './fold.js'

/** Null where there is none to draw, or where nobody could read it: Graphviz may take minutes for that. */
export const graphOf = ({ plays }: RunReport): ServiceGraph | null => {
  const batches = groupBy(
    plays.filter(({ steps }) => steps.length > 0),
    ({ name }) => name.replace(/, (canary, )?batch \d+ of \d+$/, ''),
  )
  const graph = [...batches].map(([name, all]) =>
    graphPlay(
      name,
      all.flatMap(({ steps }) => steps),
    ),
  )
  const nodes = graph.reduce((sum, play) => sum + play.nodes.length, 0)
  const edges = graph.reduce((sum, play) => sum + play.edges.length, 0)
  return nodes === 0 || nodes > 150 || edges > 600 ? null : graph
}

const graphPlay = (name: string, steps: readonly StepReport[]): GraphPlay => {
  const services = groupBy(steps, ({ id }) => serviceOf(id))
  const edges = new Map<string, readonly [ServiceName, ServiceName]>()
  for (const { id, planned } of steps) {
    for (const before of planned?.after ?? []) {
      const [first, then] = [serviceOf(before), serviceOf(id)]
      if (first !== then && services.has(first)) edges.set(`${first}\n${then}`, [first, then])
    }
  }
  return { name, nodes: [...services].map(([service, all]) => node(service, all)), edges: [...edges.values()] }
}

const serviceOf = (id: StepReport['id']): ServiceName => idParts(id).service as ServiceName

const node = (service: ServiceName, steps: readonly StepReport[]): GraphNode => {
  const hostsOf = (some: readonly StepReport[]): number => new Set(some.map(({ id }) => idParts(id).host)).size
  const [end, state] = ends.find(([one]) => steps.some(step => step.end === one)) ?? ['under way', 'not known']
  return { service, state, hosts: hostsOf(steps), on: hostsOf(steps.filter(step => step.end === end)) }
}

/** The worst first. */
const ends: readonly (readonly [StepEnd, GraphState])[] = [
  ['failed', 'failed'],
  ['unreachable', 'unreachable'],
  ['under way', 'not known'],
  ['skipped', 'skipped'],
  ['not begun', 'skipped'],
  ['changed', 'changed'],
  ['ok', 'as it should be'],
]
