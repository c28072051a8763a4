/** Takes `{{ variable }}` text apart. Only a variable's name may stand between the braces. */
import * as E from 'fp-ts/lib/Either.js'
import { VariableName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Template, TemplatePart } from '../model/template.js'
import { type Codec, codecOf, decode, wrongType } from './codec.js'

/** Text, a number or true/false, as text with variables. */
export const template: Codec<Template> = codecOf('text or a number', node => {
  if (node._tag !== 'scalar' || node.value === null) return E.left([wrongType(node, 'text or a number')])
  return parseTemplate(node.text, node.at)
})

/**
 * A shell command with variables. Each value becomes one shell word, quoted where it must be; inside quotes of the
 * author's that would undo them, so a variable there is refused.
 */
export const command: Codec<Template> = codecOf('a shell command', node => {
  const parsed = decode(template, node)
  if (E.isLeft(parsed)) return parsed
  const quoted = variableInQuotes(parsed.right)
  if (quoted === null) return E.right(parsed.right)
  const reason = `write {{ ${quoted} }} outside the quotes: its value becomes one shell word by itself`
  return E.left([{ _tag: 'BadTemplate', at: node.at, reason }])
})

export const parseTemplate = (text: string, at: SourcePos): E.Either<readonly InputProblem[], Template> => {
  const parts: TemplatePart[] = []
  let rest = text
  for (;;) {
    const open = rest.indexOf('{{')
    if (open < 0) {
      if (rest !== '') parts.push(rest)
      return E.right({ parts, at })
    }
    const close = rest.indexOf('}}', open)
    if (close < 0) return E.left([{ _tag: 'BadTemplate', at, reason: 'a {{ has no }} after it' }])
    const inside = VariableName.decode(rest.slice(open + 2, close).trim())
    if (E.isLeft(inside)) {
      return E.left([{ _tag: 'BadTemplate', at, reason: 'only the name of a variable may stand between {{ and }}' }])
    }
    if (open > 0) parts.push(rest.slice(0, open))
    parts.push({ variable: inside.right })
    rest = rest.slice(close + 2)
  }
}

/** The shell's quotes (POSIX 2.2), followed through the text around the variables. */
const variableInQuotes = ({ parts }: Template): string | null => {
  let quote: '"' | "'" | null = null
  for (const part of parts) {
    if (typeof part !== 'string') {
      if (quote !== null) return part.variable
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
