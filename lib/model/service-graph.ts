/** Services and their order, play by play, whatever the number of their hosts: what a drawing shows. */
import type { ServiceName } from './names.js'

export type ServiceGraph = readonly GraphPlay[]

/** `edges`: what the first one comes before. */
export type GraphPlay = Readonly<{
  name: string
  nodes: readonly GraphNode[]
  edges: readonly (readonly [first: ServiceName, then: ServiceName])[]
}>

/** `state`: what it should be, or the worst that became of it, in a word; `hosts`: on how many; `on`: on how many of them, if not all. */
export type GraphNode = Readonly<{ service: ServiceName; state: GraphState; hosts: number; on?: number }>

/** Of what is only looked at, nothing is wished. */
export type GraphState =
  | 'running'
  | 'stopped'
  | 'restarted'
  | 'looked at'
  | 'as it should be'
  | 'changed'
  | 'failed'
  | 'unreachable'
  | 'skipped'
  | 'not known'
