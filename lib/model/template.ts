/** Text with `{{ variable }}` in it, taken apart once, when it is read. */
import type { VariableName } from './names.js'
import type { SourcePos } from './place.js'

export type Template = Readonly<{ parts: readonly TemplatePart[]; at: SourcePos }>
export type TemplatePart = string | Readonly<{ variable: VariableName }>

/** A variable as the inventory gives it. Text may hold templates of its own; lists and maps cannot stand in text. */
export type Variable =
  | Readonly<{ _tag: 'Text'; template: Template }>
  | Readonly<{ _tag: 'Plain'; value: number | boolean | null; at: SourcePos }>
  | Readonly<{ _tag: 'Nested'; kind: 'list' | 'map'; at: SourcePos }>

export type Variables = ReadonlyMap<string, Variable>
