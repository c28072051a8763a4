/** One document, judged by the reader and by its JSON Schema: where does either find it wrong? */
import Ajv from 'ajv'
import * as E from 'fp-ts/lib/Either.js'
import { type DocumentKind, documentKinds } from '../../lib/model/document-kind.js'
import type { InputProblem } from '../../lib/model/problem.js'
import { decode } from '../../lib/read/codec.js'
import { withVault } from '../../lib/read/decrypted.js'
import { documentCodecs, documentSchema } from '../../lib/read/documents.js'
import { diskFiles } from '../../lib/read/files.js'
import type { YamlNode } from '../../lib/read/node.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { yamlOfAnsible } from '../../lib/read/yaml-of-ansible.js'

export type Judged = Readonly<{
  /** Mistakes of structure that the reader found; the schema has to refuse them in the same place. */
  structural: number
  /** Where the two disagree, in words. */
  quarrels: readonly string[]
}>

/** Null: it is no YAML. */
export const judge = (kind: DocumentKind, file: string, text: string): Judged | null => {
  const parsed = parseYaml(file, text, ...(kind === 'inventory' ? [yamlOfAnsible] : []))
  const node = withVault(parsed, { text, wasEncrypted: false }, diskFiles)
  if (E.isLeft(node)) return null
  const read = decode(documentCodecs[kind], node.right)
  const problems = E.isLeft(read) ? read.left : []
  const places = placesIn(node.right)
  const pathsOf = (problem: InputProblem): readonly string[] =>
    'at' in problem && problem.at !== null ? pathsNear(places, problem.at) : []
  const refused = refusals(kind, plainOf(node.right))
  const structural = problems.filter(
    problem => isStructural(problem, places) && !isSaidElsewhere(problem, node.right, pathsOf),
  )
  const missed = structural.filter(problem => !pathsOf(problem).some(path => isRefused(problem, path, refused)))
  const excused = problems.flatMap(pathsOf)
  const invented = [...refused.keys()].filter(
    path => !excused.some(other => isWithin(path, other) || isWithin(other, path)),
  )
  return {
    structural: structural.length,
    quarrels: [
      ...missed.map(problem => `${file}: the schema takes what the reader refuses: ${JSON.stringify(problem)}`),
      ...invented.map(path => `${file}: the schema refuses what the reader takes: ${path}`),
    ],
  }
}

/** Of the reader's kinds of mistakes, those that can be told from one document without knowing what its texts mean. */
const isStructural = (problem: InputProblem, places: Places): boolean => {
  switch (problem._tag) {
    case 'UnknownKey':
    case 'MissingKey':
      return true
    case 'UnknownWord':
      // A word within an expression is none of the document's; those for a parent are the names of other processes.
      return places.has(placeText(problem.at)) && problem.what !== 'process'
    case 'WrongType':
      // What is wrong within a text is told in other words, such as "one with an empty term".
      return kindsOfNodes.has(problem.found)
    default:
      return false
  }
}

const kindsOfNodes = new Set(['a list', 'a map', 'nothing', 'text', 'a number', 'true or false', 'an empty one'])

/** What a service that is like another one lacks may be in another file. */
const isSaidElsewhere = (
  problem: InputProblem,
  root: YamlNode,
  pathsOf: (problem: InputProblem) => readonly string[],
): boolean => problem._tag === 'MissingKey' && pathsOf(problem).some(path => keysAt(root, path).includes('like'))

const keysAt = (root: YamlNode, path: string): readonly string[] => {
  let node: YamlNode | undefined = root
  for (const step of path.split('/').slice(1)) {
    if (node?._tag === 'list') node = node.items[Number(step)]
    else if (node?._tag === 'map') node = node.entries.find(({ key }) => escaped(key) === step)?.value
    else return []
  }
  return node?._tag === 'map' ? node.entries.map(({ key }) => key) : []
}

type Places = ReadonlyMap<string, readonly string[]>
const placeText = ({ line, column }: Readonly<{ line: number; column: number }>): string => `${line}:${column}`

/** Of every key and value, where it stands and how it is pointed at (RFC 6901). A map stands where its first key does. */
const placesIn = (root: YamlNode): Places => {
  const places = new Map<string, string[]>()
  const note = (place: string, path: string): void => {
    const known = places.get(place)
    if (known === undefined) places.set(place, [path])
    else known.push(path)
  }
  const walk = (node: YamlNode, path: string): void => {
    note(placeText(node.at), path)
    if (node._tag === 'list')
      node.items.forEach((item, i) => {
        walk(item, `${path}/${i}`)
      })
    if (node._tag !== 'map') return
    for (const { key, keyAt, value } of node.entries) {
      note(placeText(keyAt), `${path}/${escaped(key)}`)
      walk(value, `${path}/${escaped(key)}`)
    }
  }
  walk(root, '')
  return places
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** A mistake within a text is somewhere behind the place of the text. */
const pathsNear = (places: Places, { line, column }: Readonly<{ line: number; column: number }>): readonly string[] => {
  for (let at = column; at > 0; at -= 1) {
    const paths = places.get(`${line}:${at}`)
    if (paths !== undefined) return paths
  }
  return []
}

const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`)

/** The paths at which a schema refuses something, each with the keys that are missing there. */
type Refusals = ReadonlyMap<string, ReadonlySet<string>>

const refusals = (kind: DocumentKind, data: unknown): Refusals => {
  const refused = new Map<string, Set<string>>()
  const validate = validators[kind]
  if (validate(data)) return refused
  for (const { instancePath, params, propertyName, data } of validate.errors ?? []) {
    const key = propertyName ?? params['additionalProperty']
    const path = typeof key === 'string' ? `${instancePath}/${escaped(key)}` : instancePath
    const missing = refused.get(path) ?? new Set()
    refused.set(path, missing.add(data === null ? everything : String(params['missingProperty'])))
  }
  return refused
}

/** The reader takes nothing for an empty map; the schema refuses it where a key is needed. */
const everything = ''

/** A key that another one asks for is missed at that one's place. */
const isRefused = (problem: InputProblem, path: string, refused: Refusals): boolean =>
  problem._tag === 'MissingKey'
    ? [path, path.replace(/\/[^/]*$/, '')].some(where =>
        [everything, ...problem.keys].some(key => refused.get(where)?.has(key)),
      )
    : refused.has(path)

// A union of types is one that strict mode would have written out.
const ajv = new Ajv.default({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  verbose: true,
})
ajv.addKeyword('patternErrorMessage')
const validators = Object.fromEntries(
  documentKinds.map(kind => [kind, ajv.compile(JSON.parse(documentSchema(kind)))]),
) as Readonly<Record<DocumentKind, ReturnType<typeof ajv.compile>>>

/** What any other reader of YAML makes of it. */
const plainOf = (node: YamlNode): unknown => {
  switch (node._tag) {
    case 'sealed':
      return node.text
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainOf)
    case 'map': {
      const made = {}
      for (const { key, value } of node.entries) {
        Object.defineProperty(made, key, { value: plainOf(value), enumerable: true, configurable: true })
      }
      return made
    }
  }
}
