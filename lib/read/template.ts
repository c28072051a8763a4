/** Takes text with `{{ expressions }}` apart. */
import * as E from 'fp-ts/lib/Either.js'
import type { Expression } from '../model/expression.js'
import type { InputProblem } from '../model/problem.js'
import type { Hole, Template } from '../model/template.js'
import { type Codec, codecOf, decode, wrongType } from './codec.js'
import { parseBare, parseHole, placeWithin, type TextPlace } from './expression/parse.js'
import { anyOf, anyScalar, fitting, type JsonSchema } from './json-schema.js'

/** Text, a number or true/false, as text with expressions. */
export const template: Codec<Template> = codecOf('text or a number', anyScalar, node => {
  if (node._tag !== 'scalar' || node.value === null) return E.left([wrongType(node, 'text or a number')])
  return parseTemplate(node.text, node)
})

/** Where a value has a form, a text that has a hole in it may still come to have it. */
export const holed: JsonSchema = fitting(/\{\{/, 'text with {{ an expression }}')

/** What has a form, or comes to have it once its expressions are worked out. */
export const orTemplate = <A>(codec: Codec<A>): Codec<A | Template> =>
  codecOf<A | Template>(codec.name, anyOf(codec.schema, holed), node =>
    node._tag === 'scalar' && node.text.includes('{{') ? parseTemplate(node.text, node) : decode(codec, node),
  )

/**
 * A shell command with expressions. Each value becomes one shell word, quoted where it must be; inside quotes of the
 * author's that would undo them, so an expression there is refused. A filter `quote` at the end has nothing left to do.
 */
export const command: Codec<Template> = codecOf('a shell command', anyScalar, node => {
  const parsed = decode(template, node)
  if (E.isLeft(parsed)) return parsed
  const quoted = holeInQuotes(parsed.right)
  if (quoted === null) return E.right({ ...parsed.right, parts: parsed.right.parts.map(withoutQuote) })
  const reason = `write {{ ${quoted.text} }} outside the quotes: its value becomes one shell word by itself`
  return E.left([{ _tag: 'BadTemplate', at: quoted.expression.at, reason }])
})

/** A condition as it stands behind `when`: an expression without braces. */
export const condition: Codec<Hole> = codecOf('a condition', anyScalar, node => {
  if (node._tag !== 'scalar' || node.value === null) return E.left([wrongType(node, 'a condition')])
  if (node.text.includes('{{')) {
    return E.left([
      { _tag: 'BadTemplate', at: node.at, reason: 'a condition is an expression already: leave {{ and }} out' },
    ])
  }
  const parsed = parseBare(node.text, node)
  return E.isLeft(parsed) ? E.left([parsed.left]) : E.right({ expression: parsed.right, text: node.text.trim() })
})

export const parseTemplate = (text: string, place: TextPlace): E.Either<readonly InputProblem[], Template> => {
  const parts: (string | Hole)[] = []
  const problems: InputProblem[] = []
  let trimNext = false
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('{{', at)
    const before = text.slice(at, open < 0 ? text.length : open)
    const tag = tagIn(before)
    if (tag !== null) problems.push(refusedTag(tag.text, at + tag.offset, place))
    const trimThis = open >= 0 && text[open + 2] === '-'
    const left = trimNext ? before.trimStart() : before
    const plain = trimThis ? left.trimEnd() : left
    if (plain !== '') parts.push(plain)
    if (open < 0) break
    const start = open + (trimThis ? 3 : 2)
    const hole = parseHole(text, start, place)
    if (E.isLeft(hole)) return E.left([...problems, hole.left])
    const { expression, end } = hole.right
    trimNext = text[end - 3] === '-'
    parts.push({ expression, text: text.slice(start, end - (trimNext ? 3 : 2)).trim() })
    at = end
  }
  return problems.length > 0 ? E.left(problems) : E.right({ parts, at: place.at })
}

/** The first beginning of a statement or a whole comment: `{#` alone belongs to the shell. */
const tagIn = (text: string): Readonly<{ text: string; offset: number }> | null => {
  const statement = text.indexOf('{%')
  if (statement >= 0) return { text: '{%', offset: statement }
  const comment = text.indexOf('{#')
  return comment >= 0 && text.indexOf('#}', comment + 2) > 0 ? { text: '{#', offset: comment } : null
}

const refusedTag = (tag: string, offset: number, place: TextPlace): InputProblem => {
  const reason =
    tag === '{%'
      ? 'statements ({% … %}) are not understood; an expression can choose: {{ a if b else c }}'
      : 'a comment cannot stand in a value; # begins one in YAML'
  return { _tag: 'BadTemplate', at: placeWithin(place, offset), reason }
}

const withoutQuote = (part: string | Hole): string | Hole => {
  if (typeof part === 'string') return part
  let expression: Expression = part.expression
  while (expression._tag === 'Filter' && expression.name === 'quote') expression = expression.of
  return { ...part, expression }
}

/** The shell's quotes (POSIX 2.2), followed through the text around the expressions. */
const holeInQuotes = ({ parts }: Template): Hole | null => {
  let quote: '"' | "'" | null = null
  for (const part of parts) {
    if (typeof part !== 'string') {
      if (quote !== null) return part
      continue
    }
    for (let i = 0; i < part.length; i += 1) {
      const letter = part[i]
      if (letter === '\\' && quote !== "'") i += 1
      else if (quote === null && (letter === '"' || letter === "'")) quote = letter
      else if (letter === quote) quote = null
    }
  }
  return null
}
