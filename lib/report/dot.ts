/** Services and their order as DOT, the language of Graphviz (graphviz.org/doc/info/lang.html). */
import type { GraphNode, GraphPlay, GraphState, ServiceGraph } from '../model/service-graph.js'
import { plural } from './columns.js'
import { printable } from './printable.js'

/** From left to right as it is done: a box a play, an arrow from what comes first. Text from anywhere is inert in it. */
export const dotOf = (graph: ServiceGraph): string =>
  [
    'digraph steward {',
    '  graph [rankdir=LR, compound=true, nodesep=0.2, ranksep=0.6, bgcolor=white, fontname="Helvetica", fontsize=13]',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=12, margin="0.14,0.07", height=0.5]',
    '  edge [color="#6b7480", arrowsize=0.7]',
    ...graph.flatMap(playLines),
    ...graph.slice(1).flatMap((play, i) => betweenPlays(graph[i], i, play)),
    '}',
    '',
  ].join('\n')

const playLines = ({ name, nodes, edges }: GraphPlay, i: number): readonly string[] => {
  const ids = new Map(nodes.map(({ service }, n) => [service, idOf(i, n)]))
  return [
    `  subgraph cluster_${i} {`,
    `    graph [label=${quoted(`${i + 1}. ${name}`)}, style=rounded, color="#c4cad1", fontcolor="#3d4650", margin=14, class=play]`,
    ...(nodes.length === 0 ? [`    p${i}_0 [label="no service", style=rounded, class=quiet]`] : []),
    ...nodes.map((node, n) => `    ${idOf(i, n)} [${attributesOf(node)}]`),
    ...edges.map(([first, then]) => `    ${ids.get(first)} -> ${ids.get(then)}`),
    '  }',
  ]
}

/** Plays follow one another as wholes: from one of the last of this one to one of the first of the next. */
const betweenPlays = (before: GraphPlay | undefined, i: number, play: GraphPlay): readonly string[] => {
  const last = before?.nodes.findIndex(({ service }) => before.edges.every(([first]) => first !== service)) ?? 0
  const first = play.nodes.findIndex(({ service }) => play.edges.every(([, then]) => then !== service))
  const ends = `${idOf(i, Math.max(0, last))} -> ${idOf(i + 1, Math.max(0, first))}`
  return [`  ${ends} [ltail=cluster_${i}, lhead=cluster_${i + 1}, style=bold, class=then]`]
}

/** Of our own making, so that no name can be taken for anything else. */
const idOf = (play: number, node: number): string => `p${play}_${node}`

const attributesOf = ({ service, state, hosts, on = hosts }: GraphNode): string => {
  const { fill, line, look } = looks[state]
  const label = `${quoted(`${service}\n${state} ${on === hosts ? '·' : `on ${on} of`} ${plural(hosts, 'host')}`)}`
  return `label=${label}, fillcolor="${fill}", color="${line}", class=${look}${state === 'looked at' ? ', style="rounded,dashed"' : ''}`
}

type Look = Readonly<{ fill: string; line: string; look: 'good' | 'changed' | 'bad' | 'quiet' }>

const good: Look = { fill: '#e3f3e6', line: '#2c7a3f', look: 'good' }
const changed: Look = { fill: '#e3edfb', line: '#2a63b0', look: 'changed' }
const bad: Look = { fill: '#fbe4e2', line: '#b3261e', look: 'bad' }
const quiet: Look = { fill: '#f1f3f5', line: '#6b7480', look: 'quiet' }

/** Never by colour alone: the word stands in the label. */
const looks: Readonly<Record<GraphState, Look>> = {
  running: good,
  restarted: changed,
  stopped: quiet,
  'looked at': quiet,
  'as it should be': good,
  changed,
  failed: bad,
  unreachable: bad,
  skipped: quiet,
  'not known': bad,
}

/**
 * A label: within quotes, a backslash begins an escape and `&` an entity (escString, and "HTML-like" characters, in the
 * documentation of attribute types). Too long ones are cut.
 */
const quoted = (text: string): string => `"${text.split('\n').map(quotedLine).join('\\n')}"`

const quotedLine = (line: string): string => {
  const letters = [...printable(line)]
  const shown = letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : letters.join('')
  return shown.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')
}

const longest = 60
