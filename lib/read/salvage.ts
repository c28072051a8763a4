/** What is left of a document without its mistakes: read only to find the other mistakes too, and never acted on. */
import * as E from 'fp-ts/lib/Either.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { type Codec, decode } from './codec.js'
import type { ScalarNode, YamlNode } from './node.js'

/** Null where nothing is left. Each round takes out what the one before found wrong. */
export const salvage = <A>(codec: Codec<A>, node: YamlNode, problems: readonly InputProblem[]): A | null => {
  let left = node
  let faults = problems
  for (let round = 0; round < maxRounds; round += 1) {
    const pruned = prune(left, faultsOf(faults))
    if (pruned === null) return null
    const decoded = decode(codec, pruned)
    if (E.isRight(decoded)) return decoded.right
    left = pruned
    faults = decoded.left
  }
  return null
}

/** A mistake can hide another one as deep as documents are nested. */
const maxRounds = 20

/** Where keys and where values are wrong. A map stands where its first key does, so these are kept apart. */
type Faults = Readonly<{
  keys: ReadonlySet<string>
  values: ReadonlySet<string>
  /** By line: a mistake in an expression is somewhere within its text. */
  columns: ReadonlyMap<number, readonly number[]>
}>

const faultsOf = (problems: readonly InputProblem[]): Faults => {
  const keys = new Set<string>()
  const values = new Set<string>()
  const columns = new Map<number, number[]>()
  for (const problem of problems) {
    if (problem._tag === 'BadUsage' || problem.at === null) continue
    const ofKey = problem._tag === 'UnknownKey' || (problem._tag === 'WrongType' && problem.found.startsWith('"'))
    const into = ofKey ? keys : values
    into.add(placeText(problem.at))
    const { line, column } = problem.at
    if (into === values && columns.get(line)?.push(column) === undefined) columns.set(line, [column])
  }
  return { keys, values, columns }
}

const prune = (node: YamlNode, faults: Faults): YamlNode | null => {
  if (faults.values.has(placeText(node.at))) return null
  switch (node._tag) {
    case 'sealed':
      return node
    case 'scalar':
      return holdsFault(node, faults) ? null : node
    case 'list':
      return { ...node, items: node.items.flatMap(item => prune(item, faults) ?? []) }
    case 'map': {
      const sound = node.entries.filter(({ keyAt }) => !faults.keys.has(placeText(keyAt)))
      const entries = sound.flatMap(entry => {
        const value = prune(entry.value, faults)
        return value === null ? [] : [{ ...entry, value }]
      })
      return { ...node, entries }
    }
  }
}

const holdsFault = ({ text, textAt }: ScalarNode, { columns }: Faults): boolean => {
  if (textAt === undefined) return false
  const end = textAt.column + text.length
  return (columns.get(textAt.line) ?? []).some(column => column >= textAt.column && column <= end)
}

const placeText = ({ line, column }: SourcePos): string => `${line}:${column}`
