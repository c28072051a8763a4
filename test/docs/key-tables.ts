/** Tables of all keys of a kind of file, made of its JSON Schema, in which every key has its meaning. */
import type { DocumentKind } from '../../lib/model/document-kind.js'
import { documentSchema } from '../../lib/read/documents.js'

type Schema = Readonly<{
  title?: string
  description?: string
  $ref?: string
  type?: string | readonly string[]
  enum?: readonly string[]
  patternErrorMessage?: string
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: Schema | false
  anyOf?: readonly Schema[]
  definitions?: Readonly<Record<string, Schema>>
}>

type Table = Readonly<{ title: string; properties: Readonly<Record<string, Schema>>; needed: readonly string[] }>
type Standing = Table & Readonly<{ places: Set<string> }>

/** Of each map with keys of its own: where it stands, and its keys. */
export const keyTables = (kind: DocumentKind): string => {
  const { title: _title, ...schema }: Schema = JSON.parse(documentSchema(kind))
  const found = new Map<string, Standing>()
  collect({ title: kind, ...schema }, [], schema, found)
  return [...found.values()].map(tableLines).join('\n\n')
}

const collect = (schema: Schema, path: readonly string[], root: Schema, found: Map<string, Standing>): void => {
  const { title = '', properties, additionalProperties, anyOf, items, $ref } = schema
  if ($ref !== undefined) {
    const target = root.definitions?.[$ref.replace('#/definitions/', '')]
    // A group holds groups: once is enough.
    if (target !== undefined && !found.has(keyOf(target))) collect(target, path, root, found)
    return
  }
  for (const one of anyOf ?? [])
    if (one.required === undefined || one.title !== undefined) collect(one, path, root, found)
  if (items !== undefined) collect(items, path, root, found)
  if (additionalProperties) collect(additionalProperties, [...path, 'NAME'], root, found)
  if (properties === undefined) return
  const place = path.join('.')
  const known = found.get(keyOf(schema))
  if (known !== undefined) known.places.add(place)
  else found.set(keyOf(schema), { title, properties, needed: schema.required ?? [], places: new Set([place]) })
  for (const [key, value] of Object.entries(properties)) collect(value, [...path, key], root, found)
}

const keyOf = ({ title, properties }: Schema): string => `${title} ${Object.keys(properties ?? {}).join()}`

const tableLines = ({ title, properties, needed, places }: Standing): string =>
  [
    `### ${title}${standsAt([...places].filter(place => place !== ''))}`,
    '',
    '| key | takes | meaning |',
    '|---|---|---|',
    ...Object.entries(properties).map(
      ([key, value]) =>
        `| \`${key}\`${needed.includes(key) ? ', needed' : ''} | ${cell(takes(value))} | ${cell(value.description ?? '')} |`,
    ),
  ].join('\n')

const standsAt = (places: readonly string[]): string =>
  places.length === 0 ? '' : `: ${places.map(place => `\`${place}\``).join(', ')}`

const cell = (text: string): string => text.replaceAll('|', '\\|')

const takes = (schema: Schema): string => {
  const { anyOf, enum: words, patternErrorMessage, type, title, items, additionalProperties } = schema
  if (anyOf !== undefined) return eitherOf(anyOf)
  if (words !== undefined) return words.map(word => `\`${word}\``).join(', ')
  if (title !== undefined) return `a map, *${title}* below`
  if (patternErrorMessage !== undefined) return patternErrorMessage.replace('expected ', '')
  if (items !== undefined) return `a list: ${takes(items)}`
  if (additionalProperties) return 'a map'
  if (type === 'boolean') return '`true` or `false`'
  if (type === 'integer' || type === 'number') return 'a number'
  return type === undefined ? 'anything' : 'text'
}

/** One of something or a list of it is said in short. */
const eitherOf = (schemas: readonly Schema[]): string => {
  const words = schemas.filter(({ items }) => items === undefined).map(takes)
  const says = words.some(word => /^a (number|port) /.test(word))
  const single = [...new Set(says ? words.filter(word => word !== 'a number') : words)]
  const lists = schemas.flatMap(({ items }) => (items === undefined ? [] : [takes(items)]))
  const whole = single.join('; ')
  if (lists.length === 0) return whole
  const isOfSame = lists.every(list => whole.includes(list)) || lists[0] === whole
  if (isOfSame) return whole.endsWith('a list of them') ? whole : `${whole}, or a list`
  return [whole, ...lists.map(list => `a list: ${list}`)].filter(words => words !== '').join('; ')
}
