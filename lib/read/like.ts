/** Services that are made like another one: what they do not say themselves is said there. */
import type { Placed } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { anyScalar, type JsonSchema } from './json-schema.js'
import type { MapEntry, YamlNode } from './node.js'

export type Likened = Readonly<{ node: YamlNode; problems: readonly InputProblem[] }>

/** A catalog as if it had been written out; `others` are the services of the catalogs that it includes. */
export const likened = (catalog: YamlNode, others: ReadonlyMap<string, YamlNode>): Likened => {
  const services = servicesIn(catalog)
  if (catalog._tag !== 'map' || services === null) return { node: catalog, problems: [] }
  const own = new Map(services.entries.map(({ key, value }) => [key, value]))
  const problems: InputProblem[] = []
  const made = new Map<string, YamlNode>()

  const make = (name: string, node: YamlNode, above: readonly string[]): YamlNode => {
    const before = made.get(name)
    if (before !== undefined) return before
    const like = likeOf(node)
    const written = like === null ? node : onBase(node, baseOf(like, [...above, name]))
    made.set(name, written)
    return written
  }

  const baseOf = ({ value: name, at }: Placed<string>, above: readonly string[]): YamlNode | null => {
    const node = own.get(name)
    if (node === undefined) {
      const known = [...own.keys(), ...others.keys()].filter(other => other !== above.at(-1))
      if (!others.has(name)) problems.push({ _tag: 'UnknownService', at, service: name, known })
      return others.get(name) ?? null
    }
    if (!above.includes(name)) return make(name, node, above)
    const cycle = [...above.slice(above.indexOf(name)), name]
    problems.push({ _tag: 'DependencyCycle', at, of: 'services', cycle })
    return null
  }

  const entries = services.entries.map(entry => ({ ...entry, value: make(entry.key, entry.value, []) }))
  const node: YamlNode = { ...services, entries }
  return { node: { ...catalog, entries: catalog.entries.map(entry => withValue(entry, services, node)) }, problems }
}

/** The services of a catalog, by name, as they are written. */
export const servicesIn = (catalog: YamlNode): Extract<YamlNode, { _tag: 'map' }> | null => {
  const found = catalog._tag === 'map' ? catalog.entries.find(({ key }) => key === 'services')?.value : undefined
  return found?._tag === 'map' ? found : null
}

const withValue = (entry: MapEntry, from: YamlNode, to: YamlNode): MapEntry =>
  entry.value === from ? { ...entry, value: to } : entry

const likeOf = (node: YamlNode): Placed<string> | null => {
  const like = node._tag === 'map' ? node.entries.find(({ key }) => key === 'like')?.value : undefined
  return like?._tag === 'scalar' && like.value !== null ? { value: like.text, at: like.at } : null
}

/** A schema of what has to be whole only where it is not like another one. */
export const wholeUnlessLike = ({ required = [], ...schema }: JsonSchema): JsonSchema => ({
  ...schema,
  if: { not: { required: ['like'], properties: { like: anyScalar } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits it.
  then: { required },
})

/** Of these, what has another name is added, and what has the same is put in its place; any other key is replaced. */
const mergedKeys = ['processes', 'defaults', 'vars']

const onBase = (node: YamlNode, base: YamlNode | null): YamlNode => {
  if (node._tag !== 'map' || base?._tag !== 'map') return node
  return { ...node, entries: overlaid(base.entries, node.entries, mergedKeys) }
}

const overlaid = (
  base: readonly MapEntry[],
  own: readonly MapEntry[],
  merged: readonly string[],
): readonly MapEntry[] => {
  const entries = new Map(base.filter(({ key }) => key !== 'like').map(entry => [entry.key, entry]))
  // What is written twice is a mistake that has been told; both stay, for others in them.
  const twice: MapEntry[] = []
  const seen = new Set<string>()
  for (const entry of own) {
    const below = entries.get(entry.key)?.value
    const { value } = entry
    const isMerged = merged.includes(entry.key) && below?._tag === 'map' && value._tag === 'map'
    const whole = isMerged ? { ...value, entries: overlaid(below.entries, value.entries, []) } : value
    if (seen.has(entry.key)) twice.push(entry)
    else entries.set(entry.key, { ...entry, value: whole })
    seen.add(entry.key)
  }
  return [...entries.values(), ...twice]
}
