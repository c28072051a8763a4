/** io-ts codecs over YAML nodes: every failure is a problem with its place, and no value that may be a secret is printed. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Named } from '../model/names.js'
import type { Placed } from '../model/place.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { anyOf, defined, fitting, type JsonSchema, notEmpty } from './json-schema.js'
import { kindOf, type MapEntry, type YamlNode } from './node.js'

/** We read and never write, so a codec is io-ts's decoding half; with it, what it takes as JSON Schema. */
export type Codec<A> = t.Decoder<YamlNode, A> & Readonly<{ schema: JsonSchema }>
export type Decoded<C> = C extends Codec<infer A> ? A : never

/** Runs a codec; the Left holds all mistakes of the whole document. */
export const decode = <A>(codec: Codec<A>, node: YamlNode): E.Either<InputProblems, A> => {
  const result = codec.validate(node, [])
  if (E.isRight(result)) return result
  const [first, ...rest] = result.left.map(error => (error as Mistake).problem)
  if (first === undefined) throw new Error('a codec failed without saying why')
  return E.left([first, ...rest])
}

/** io-ts's own error with the problem it stands for. */
type Mistake = t.ValidationError & Readonly<{ problem: InputProblem }>

type Result<A> = E.Either<readonly InputProblem[], A>

/**
 * The one way to make a codec here: a function from a node to a value or problems. `schema` takes whatever it takes, and
 * refuses what it refuses for its structure: a key, a kind of value, a word, a number out of range.
 */
export const codecOf = <A>(expected: string, schema: JsonSchema, read: (node: YamlNode) => Result<A>): Codec<A> => {
  const type = new t.Type<A, unknown, YamlNode>(
    expected,
    (_value): _value is A => true,
    (node, context) => {
      const result = read(node)
      if (E.isRight(result)) return t.success(result.right)
      return t.failures(result.left.map(problem => ({ value: undefined, context, problem }) as Mistake))
    },
    value => value,
  )
  return Object.assign(type, { schema })
}

export const wrongType = (node: YamlNode, expected: string): InputProblem => ({
  _tag: 'WrongType',
  at: node.at,
  expected,
  found: kindOf(node),
})

/**
 * The same of a value that is only the wrong one: a short one is quoted, as it tells the mistake. Only for what has a form of
 * its own (a time, a number, a port): whatever stands where any text may, or a map, may be a secret. `meant` is offered
 * instead.
 */
export const wrongValue = (node: YamlNode, expected: string, meant: string | null = null): InputProblem => {
  const isShown = node._tag === 'scalar' && node.secret !== true && node.text !== '' && node.text.length <= maxQuoted
  if (!isShown) return wrongType(node, expected)
  const found = typeof node.value === 'string' ? `text "${node.text}"` : node.text
  return {
    _tag: 'WrongType',
    at: node.at,
    expected,
    found: meant === null ? found : `${found}; did you mean ${meant}?`,
  }
}

const maxQuoted = 40

/** Text, and nothing that only looks like it: a number in quotes is text, a bare one is not. */
export const text: Codec<Placed<string>> = codecOf('text', { type: 'string' }, node =>
  node._tag === 'scalar' && typeof node.value === 'string'
    ? E.right({ value: node.value, at: node.at })
    : E.left([wrongType(node, 'text')]),
)

export const flag: Codec<boolean> = codecOf('true or false', { type: 'boolean' }, node =>
  node._tag === 'scalar' && typeof node.value === 'boolean'
    ? E.right(node.value)
    : E.left([{ _tag: 'WrongType', at: node.at, expected: 'true or false', found: notAFlag(node) }]),
)

/** YAML 1.1, and so Ansible, takes these words for true and false; in YAML 1.2 they are text. */
const notAFlag = (node: YamlNode): string => {
  const word = node._tag === 'scalar' && typeof node.value === 'string' ? node.value : ''
  if (!/^(y|yes|on|n|no|off|true|false)$/i.test(word)) return kindOf(node)
  return `text, which "${word}" is here; write ${/^(y|yes|on|true)$/i.test(word) ? 'true' : 'false'}`
}

/** Text that one of the name types accepts. A name may look like a number (`2013`): it was written as one. */
export const name = <A>(brand: Named<A>): Codec<Placed<A>> =>
  codecOf(brand.name, nameSchema(brand), node => {
    const decoded = node._tag === 'scalar' && node.value !== null ? brand.decode(node.text) : E.left([])
    return E.isRight(decoded) ? E.right({ value: decoded.right, at: node.at }) : E.left([wrongType(node, brand.name)])
  })

/** A pattern says nothing of a number or true: those are names where their letters may be. */
const nameSchema = <A>(brand: Named<A>): JsonSchema => {
  const types = [['number', '0'] as const, ['boolean', 'true'] as const]
  const kinds = types.flatMap(([kind, text]) => (brand.is(text as A & string) ? [kind] : []))
  return { ...namedBy(brand), type: ['string', ...kinds], ...(kinds.includes('number') ? { minimum: 0 } : {}) }
}

const namedBy = <A>({ pattern, name }: Named<A>): JsonSchema => (pattern === null ? {} : fitting(pattern, name))

/** One of a few words; another word is told apart from something that is no word at all. */
export const oneOf = <A extends string>(what: string, words: readonly A[]): Codec<A> =>
  codecOf(words.join(' or '), { enum: words }, node => {
    const found = node._tag === 'scalar' ? words.find(word => word === node.text) : undefined
    if (found !== undefined) return E.right(found)
    const word = node._tag === 'scalar' && typeof node.value === 'string'
    if (!word) return E.left([wrongType(node, words.join(' or '))])
    return E.left([{ _tag: 'UnknownWord', at: node.at, what, word: node.text, known: words }])
  })

export const list = <A>(item: Codec<A>, expected = `a list of ${item.name}`): Codec<readonly A[]> =>
  codecOf(expected, listOf(item), node =>
    node._tag === 'list' ? all(node.items.map(one => run(item, one))) : E.left([wrongType(node, expected)]),
  )

const listOf = <A>(item: Codec<A>): JsonSchema => ({ type: 'array', items: item.schema })

/** The same, and not empty. */
export const filled = <A>(codec: Codec<readonly A[]>): Codec<readonly A[]> =>
  codecOf(codec.name, notEmpty(codec.schema), node => {
    const result = run(codec, node)
    if (E.isLeft(result) || result.right.length > 0) return result
    return E.left([{ _tag: 'WrongType', at: node.at, expected: codec.name, found: 'an empty one' }])
  })

/** One item, or a list of them. */
export const oneOrMore = <A>(item: Codec<A>, expected = `${item.name}, or a list of it`): Codec<readonly A[]> =>
  codecOf(expected, anyOf(item.schema, listOf(item)), node =>
    node._tag === 'list' ? all(node.items.map(one => run(item, one))) : E.map((one: A) => [one])(run(item, node)),
  )

export type Entry<K, A> = Readonly<{ key: Placed<K>; value: A }>

/** A map whose keys are names. An empty value (`km:` with nothing behind it) is an empty map. */
export const mapOf = <K, A>(key: Named<K>, value: Codec<A>, expected: string) =>
  codecOf<readonly Entry<K, A>[]>(expected, mapSchema(key, value), node => {
    if (node._tag === 'scalar' && node.value === null) return E.right([])
    if (node._tag !== 'map') return E.left([wrongType(node, expected)])
    return all(node.entries.map(entry => readEntry(entry, key, value)))
  })

const mapSchema = <K, A>(key: Named<K>, value: Codec<A>): JsonSchema => ({
  type: ['object', 'null'],
  propertyNames: namedBy(key),
  additionalProperties: value.schema,
})

const readEntry = <K, A>(entry: MapEntry, key: Named<K>, value: Codec<A>): Result<Entry<K, A>> => {
  const decodedKey = key.decode(entry.key)
  const decodedValue = run(value, entry.value)
  const found = entry.key === '' ? 'nothing' : `"${entry.key}"`
  const keyProblems: InputProblem[] = E.isLeft(decodedKey)
    ? [{ _tag: 'WrongType', at: entry.keyAt, expected: key.name, found }]
    : []
  if (E.isLeft(decodedValue)) return E.left([...keyProblems, ...decodedValue.left])
  if (E.isLeft(decodedKey)) return E.left(keyProblems)
  return E.right({ key: { value: decodedKey.right, at: entry.keyAt }, value: decodedValue.right })
}

/** What stands behind a key, and what the key means: an editor shows it to whoever points at the key. */
type Field<A> = Readonly<{ meaning: string; codec: Codec<A> }>
export const field = <A>(meaning: string, codec: Codec<A>): Field<A> => ({ meaning, codec })

type Fields = Readonly<Record<string, Field<unknown>>>
type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer A> ? A : never }

/** A map with these keys and no others: io-ts's `exact` would drop an unknown one without a word. */
export const sealed = <R extends Fields, O extends Fields>(
  what: string,
  required: R,
  optional: O,
): Codec<Placed<Values<R> & Partial<Values<O>>>> =>
  codecOf(what, sealedSchema(what, { ...required, ...optional }, Object.keys(required)), node => {
    const entries = node._tag === 'map' ? node.entries : node._tag === 'scalar' && node.value === null ? [] : null
    if (entries === null) return E.left([wrongType(node, what)])
    const fields: Fields = { ...required, ...optional }
    const known = Object.keys(fields)
    const problems: InputProblem[] = []
    const value: Record<string, unknown> = {}
    for (const entry of entries) {
      const codec = Object.hasOwn(fields, entry.key) ? fields[entry.key]?.codec : undefined
      if (codec === undefined) {
        problems.push({ _tag: 'UnknownKey', at: entry.keyAt, key: entry.key, known })
        continue
      }
      const result = run(codec, entry.value)
      if (E.isRight(result)) value[entry.key] = result.right
      else for (const problem of result.left) problems.push(problem)
    }
    for (const key of Object.keys(required)) {
      if (!entries.some(entry => entry.key === key))
        problems.push({ _tag: 'MissingKey', at: node.at, keys: [key], of: what })
    }
    return problems.length > 0
      ? E.left(problems)
      : E.right({ value: value as Values<R> & Partial<Values<O>>, at: node.at })
  })

const sealedSchema = (what: string, fields: Fields, required: readonly string[]): JsonSchema => ({
  title: bareName(what),
  type: required.length === 0 ? ['object', 'null'] : 'object',
  properties: Object.fromEntries(
    Object.entries(fields).map(([key, { meaning, codec }]) => [key, { description: meaning, ...codec.schema }]),
  ),
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
})

/** `process` of `a process`. */
const bareName = (what: string): string => what.replace(/^an? /, '')

/** The same, where what was read has to make sense too; `rule` is what a schema can say of that. */
export const sensible = <A>(
  codec: Codec<A>,
  rule: JsonSchema,
  mistakesIn: (value: A) => readonly InputProblem[],
): Codec<A> =>
  codecOf(codec.name, { ...codec.schema, ...rule }, node => {
    const result = run(codec, node)
    const problems = E.isLeft(result) ? [] : mistakesIn(result.right)
    return problems.length > 0 ? E.left(problems) : result
  })

/** The same with the place that it stands at. */
export const placed = <A>(codec: Codec<A>): Codec<Placed<A>> =>
  codecOf(codec.name, codec.schema, node => E.map((value: A) => ({ value, at: node.at }))(run(codec, node)))

/** For a codec that holds itself. */
export const lazy = <A>(expected: string, make: () => Codec<A>): Codec<A> => {
  let made: Codec<A> | null = null
  const codec = (): Codec<A> => {
    made ??= make()
    return made
  }
  const schema = defined(bareName(expected), () => codec().schema)
  return codecOf(expected, schema, node => decode(codec(), node))
}

const run = <A>(codec: Codec<A>, node: YamlNode): Result<A> => decode(codec, node)

const all = <A>(results: readonly Result<A>[]): Result<readonly A[]> => {
  const problems = results.flatMap(result => (E.isLeft(result) ? result.left : []))
  return problems.length > 0
    ? E.left(problems)
    : E.right(results.flatMap(result => (E.isRight(result) ? [result.right] : [])))
}
