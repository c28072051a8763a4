/** JSON Schema (draft-07, which editors know best) of what a codec takes; each codec says its own where it is made. */

type Kind = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string'

/** The keywords that are needed here, by their names in the standard. */
export type JsonSchema = Readonly<{
  title?: string
  description?: string
  $ref?: string
  type?: Kind | readonly Kind[]
  enum?: readonly string[]
  const?: string
  minimum?: number
  maximum?: number
  minLength?: number
  pattern?: string
  /** Not of the standard: what editors show in place of the pattern. */
  patternErrorMessage?: string
  items?: JsonSchema
  minItems?: number
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  additionalProperties?: JsonSchema | false
  propertyNames?: JsonSchema
  minProperties?: number
  dependencies?: Readonly<Record<string, readonly string[]>>
  anyOf?: readonly JsonSchema[]
  not?: JsonSchema
  if?: JsonSchema
  then?: JsonSchema
  [definition]?: Definition
}>

/** What a `$ref` means; not part of the text. */
const definition = Symbol('definition')
type Definition = Readonly<{ name: string; schema: () => JsonSchema }>

export const anything: JsonSchema = {}

/** What is no list and no map, and not nothing either. */
export const anyScalar: JsonSchema = { type: ['string', 'number', 'boolean'] }

export const fitting = (pattern: RegExp, expected: string): JsonSchema => ({
  type: 'string',
  pattern: pattern.source,
  patternErrorMessage: `expected ${expected}`,
})

/** One of several, flat: those within are not nested. */
export const anyOf = (...schemas: readonly JsonSchema[]): JsonSchema => ({
  anyOf: schemas.flatMap(schema => schema.anyOf ?? [schema]),
})

/** The same where a list or a map has to hold something. */
export const notEmpty = (schema: JsonSchema): JsonSchema => {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map(notEmpty) }
  if (schema.type === 'array') return { ...schema, minItems: 1 }
  return schema.propertyNames === undefined ? schema : { ...schema, type: 'object', minProperties: 1 }
}

/** For a codec that holds itself. */
export const defined = (name: string, schema: () => JsonSchema): JsonSchema => ({
  $ref: `#/definitions/${name}`,
  [definition]: { name, schema },
})

/** A whole schema as text, with all that it refers to. */
export const schemaText = (title: string, description: string, schema: JsonSchema): string => {
  const definitions: Record<string, JsonSchema> = {}
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    const found = (part as JsonSchema)[definition]
    if (found !== undefined && definitions[found.name] === undefined) {
      const schema = found.schema()
      definitions[found.name] = schema
      collect(schema)
    }
    for (const value of Object.values(part)) collect(value)
  }
  collect(schema)
  const head = { $schema: 'http://json-schema.org/draft-07/schema#', title, description }
  const whole = { ...head, ...schema, ...head, ...(Object.keys(definitions).length === 0 ? {} : { definitions }) }
  return `${JSON.stringify(whole, null, 2)}\n`
}
