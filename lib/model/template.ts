/** Text with `{{ expressions }}` in it, taken apart once, when it is read. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Expression } from './expression.js'
import type { VariableName } from './names.js'
import type { SourcePos } from './place.js'
import type { Secret } from './secret.js'
import type { Value } from './value.js'

export type Template = Readonly<{ parts: readonly (string | Hole)[]; at: SourcePos }>

/** One `{{ … }}`; `text` as it is written between them. */
export type Hole = Readonly<{ expression: Expression; text: string }>

/** A template with everything filled in but what the lines of an `each` say, which is data and never an expression. */
export type LineTemplate = Readonly<{ parts: readonly LinePart[]; at: SourcePos }>
export type LinePart = string | Readonly<{ variable: VariableName }>

/** A variable as it is written; text in it may hold templates of its own. `secret`: it stands in an encrypted file. */
export type Variable =
  | Readonly<{ _tag: 'Text'; template: Template; secret?: true }>
  /** `float`: it was written as one, so that `1.0` stays that in text. */
  | Readonly<{ _tag: 'Plain'; value: number | boolean | null; at: SourcePos; float?: true; secret?: true }>
  /** Encrypted by itself. What it holds is opened when it is needed, and is no template. */
  | Readonly<{ _tag: 'Sealed'; open: () => Either<string, Secret>; at: SourcePos }>
  /** Of steward's own making; it holds no templates. */
  | Readonly<{ _tag: 'Known'; value: Value; at: SourcePos }>
  | Readonly<{ _tag: 'List'; items: readonly Variable[]; at: SourcePos }>
  | Readonly<{ _tag: 'Map'; entries: Variables; at: SourcePos }>

export type Variables = ReadonlyMap<string, Variable>
