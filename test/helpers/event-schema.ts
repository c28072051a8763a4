/** The JSON Schema of the events, made of their types by the compiler: nobody writes the same thing down twice. */
import ts from 'typescript'
import { projectFolder } from './steward.js'

type Schema = Readonly<Record<string, unknown>>

/** The text of `schemas/events.schema.json`. Objects are open, as later versions may add to them. */
export const eventSchema = (): string => {
  const file = `${projectFolder}lib/model/event.ts`
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: [],
  })
  const { definitions, schemaOf } = schemaMaker(program.getTypeChecker(), namesIn(program))
  const lines = membersOf(typeNamed('EventLine', file, program))
  const byTag = lines.map(type => [tagOf(type, program.getTypeChecker()), schemaOf(type)] as const)
  const whole = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'steward events, version 1',
    description: 'A line of what steward run --json prints; docs/events.md says how it may grow.',
    anyOf: byTag.map(([tag]) => ({ $ref: `#/definitions/${tag}` })).sort(byText),
    definitions: Object.fromEntries([...definitions, ...byTag].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
  return `${JSON.stringify(whole, null, 2)}\n`
}

const typeNamed = (name: string, file: string, program: ts.Program): ts.Type => {
  const source = program.getSourceFile(file)
  const checker = program.getTypeChecker()
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  const found = module === undefined ? undefined : checker.getExportsOfModule(module).find(one => one.name === name)
  if (found === undefined) throw new Error(`${file} exports no ${name}`)
  return checker.getDeclaredTypeOfSymbol(found)
}

const membersOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type])

const tagOf = (type: ts.Type, checker: ts.TypeChecker): string => {
  const tag = checker.getPropertyOfType(type, '_tag')
  const literal = tag === undefined ? undefined : checker.getTypeOfSymbol(tag)
  if (literal?.isStringLiteral() !== true) throw new Error(`an event without a tag: ${checker.typeToString(type)}`)
  return literal.value
}

const structured = ts.TypeFlags.Object | ts.TypeFlags.Intersection

/** What the model calls each of its types. */
const namesIn = (program: ts.Program): ReadonlyMap<ts.Type, string> => {
  const checker = program.getTypeChecker()
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.includes('/lib/model/'))
  const exported = files
    .flatMap(file => checker.getSymbolAtLocation(file) ?? [])
    .flatMap(module => checker.getExportsOfModule(module))
    .filter(({ flags }) => flags & ts.SymbolFlags.TypeAlias)
  return new Map(exported.map(symbol => [checker.getDeclaredTypeOfSymbol(symbol), symbol.name]))
}

const schemaMaker = (checker: ts.TypeChecker, names: ReadonlyMap<ts.Type, string>) => {
  const definitions = new Map<string, Schema>()

  /** A type that the model names is a definition of that name. */
  const schemaOf = (type: ts.Type): Schema => {
    const name = nameOf(type)
    if (name === null) return plain(type)
    if (!definitions.has(name)) {
      definitions.set(name, {})
      definitions.set(name, plain(type))
    }
    return { $ref: `#/definitions/${name}` }
  }

  const plain = (type: ts.Type): Schema => {
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
    if (type.flags & ts.TypeFlags.StringLike || isBranded(type)) return { type: 'string' }
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' }
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' }
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' }
    if (type.isUnion()) return ofUnion(type)
    const [first] = checker.getTypeArguments(type as ts.TypeReference)
    if (checker.isTupleType(type)) return ofTuple(type as ts.TupleTypeReference)
    if (checker.isArrayType(type) && first !== undefined) return { type: 'array', items: schemaOf(first) }
    if (type.symbol?.name === 'ReadonlyMap') {
      const value = checker.getTypeArguments(type as ts.TypeReference)[1]
      if (value !== undefined) return { type: 'object', additionalProperties: schemaOf(value) }
    }
    if (type.flags & structured) return ofObject(type)
    throw new Error(`no JSON has this type: ${checker.typeToString(type)}`)
  }

  /** Without what an optional property may lack. */
  const ofUnion = (type: ts.UnionType): Schema => {
    const members = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined))
    // The compiler takes a union with null apart; without the null it is known by its name again.
    const named = members.some(one => one.flags & ts.TypeFlags.Null) ? checker.getNonNullableType(type) : type
    if (named !== type && nameOf(named) !== null) return { anyOf: [{ type: 'null' }, schemaOf(named)] }
    const isBoolean = members.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2
    const words = members.flatMap(one => (one.isStringLiteral() || one.isNumberLiteral() ? [one.value] : []))
    const rest = members.filter(
      one =>
        !(one.isStringLiteral() || one.isNumberLiteral() || (isBoolean && one.flags & ts.TypeFlags.BooleanLiteral)),
    )
    const schemas = [
      ...(words.length > 0 ? [{ enum: words.sort((a, b) => (a < b ? -1 : 1)) }] : []),
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...rest.map(schemaOf).sort(byText),
    ]
    return schemas.length === 1 && schemas[0] !== undefined ? schemas[0] : { anyOf: schemas }
  }

  /** One or more of a kind: `[Process, ...Process[]]`. */
  const ofTuple = (type: ts.TupleTypeReference): Schema => {
    const [first, ...more] = checker.getTypeArguments(type)
    if (first === undefined || more.some(one => one !== first)) throw new Error('a tuple of several kinds')
    return { type: 'array', items: schemaOf(first), minItems: type.target.minLength }
  }

  const ofObject = (type: ts.Type): Schema => {
    const properties = checker.getPropertiesOfType(type)
    const described = properties.map(property => {
      const said = ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s+/g, ' ')
      const schema = schemaOf(checker.getTypeOfSymbol(property))
      // Beside a $ref nothing else counts (draft-07, 8.3).
      const told = said === '' ? schema : { description: said, ...('$ref' in schema ? { allOf: [schema] } : schema) }
      return [property.name, told] as const
    })
    const required = properties.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name)
    return { type: 'object', properties: Object.fromEntries(described), required }
  }

  const isBranded = (type: ts.Type): boolean =>
    type.isIntersection() && type.types.some(({ flags }) => flags & ts.TypeFlags.StringLike)

  const nameOf = (type: ts.Type): string | null =>
    membersOf(type).every(one => one.isLiteral() || isBranded(one) || !(one.flags & structured))
      ? null
      : (names.get(type) ?? null)

  return { definitions, schemaOf }
}

const byText = (a: Schema, b: Schema): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
