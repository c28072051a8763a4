/** What templates become with a host's variables. */
import * as E from 'fp-ts/lib/Either.js'
import { namesIn } from '../model/expression.js'
import type { VariableName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { redactionsOf, secretMark, shortestSecret } from '../model/redact.js'
import type { Hole, LinePart, LineTemplate, Template } from '../model/template.js'
import { kindOfValue, type Value } from '../model/value.js'
import { evaluateTemplate, needed, textOfHole } from './expression/evaluate.js'
import { EvaluationFault } from './expression/fault.js'
import type { Scope } from './expression/scope.js'
import { maxLength } from './expression/size.js'

type Result<A> = E.Either<InputProblem, A>

/** A variable's value as text; a variable may be made of others, but not of itself. */
export const resolveVariable = (scope: Scope, name: string, at: SourcePos): Result<string> => {
  const expression = { _tag: 'Name', name, at } as const
  return attempt(() => textOfHole({ expression, text: name }, scope), scope)
}

/** Fills everything in. */
export const renderText = (template: Template, scope: Scope): Result<string> =>
  E.map(({ parts }: LineTemplate) => parts.join(''))(renderPartly(template, scope, [], value => value))

/** What a template is worth: text, or what its only expression is worth. */
export const valueOfTemplate = (template: Template, scope: Scope): Result<Value> =>
  attempt(() => evaluateTemplate(template, scope), scope)

/** Does the condition hold? It has to be true or false: what is only taken for one of them is a mistake. */
export const holdsTrue = ({ expression, text }: Hole, scope: Scope): Result<boolean> => {
  const value = attempt(() => needed(expression, scope), scope)
  if (E.isLeft(value)) return value
  if (typeof value.right === 'boolean') return E.right(value.right)
  const found = `${kindOfValue(value.right)} in ${text}${typeof value.right === 'string' ? ' (the filter bool makes it that)' : ''}`
  return E.left({ _tag: 'BadValue', at: expression.at, expected: 'true or false', found, host: scope.host })
}

/**
 * Fills in what the host knows and leaves `later` for the lines of an `each`: a name of those may stand between braces
 * alone, as what it stands for is data of the host's, which no expression works on. `encode` makes a value fit its
 * surroundings, as in a shell command.
 */
export const renderPartly = (
  template: Template,
  scope: Scope,
  later: readonly string[],
  encode: (value: string) => string,
): Result<LineTemplate> => {
  // On every host the same, and nothing of it is secret.
  if (isPlain(template)) return E.right(template)
  const parts: LinePart[] = []
  const hiding = hidingIn(scope)
  let length = 0
  for (const part of template.parts) {
    if (typeof part === 'string') {
      parts.push(part)
      hiding.add(part, part)
      continue
    }
    const laterOnes = later.length === 0 ? [] : namesIn(part.expression).filter(name => later.includes(name))
    if (part.expression._tag === 'Name' && laterOnes.length > 0) {
      parts.push({ variable: part.expression.name as VariableName })
      hiding.end()
      continue
    }
    const [held] = laterOnes
    if (held !== undefined) {
      const reason = `"${held}" is read on the host: it can stand between {{ and }} only alone`
      return E.left({ _tag: 'BadTemplate', at: part.expression.at, reason })
    }
    const value = attempt(() => textOfHole(part, scope), scope)
    if (E.isLeft(value)) return value
    length += value.right.length
    if (length > maxLength) return E.left(tooLong(part))
    const text = encode(value.right)
    parts.push(text)
    hiding.add(text, scope.around.work.touched ? secretMark : text, value.right)
  }
  hiding.end()
  return E.right({ parts, at: template.at })
}

const isPlain = (template: Template | LineTemplate): template is LineTemplate =>
  template.parts.every(part => typeof part === 'string')

/**
 * Notes what has to be hidden of a template: what its expressions make of secrets, wherever it turns up; and of what is
 * too short or too common for that, the text around it that is made of the template.
 */
const hidingIn = ({ secrets, around: { redactions } }: Scope) => {
  let run = { text: '', shown: '' }
  let isNeeded = false
  return {
    add: (text: string, shown: string, value = ''): void => {
      run = { text: run.text + text, shown: run.shown + shown }
      if (text === shown) return
      if (isCommon.test(value) || value.length < shortestSecret) isNeeded = true
      // What holds a secret as it is needs nothing more.
      else if (![...secrets.texts].some(secret => secret.length >= shortestSecret && value.includes(secret))) {
        redactions.push(...redactionsOf(value))
      }
    },
    /** Here follows what is not known yet. */
    end: (): void => {
      if (isNeeded) redactions.push(run)
      run = { text: '', shown: '' }
      isNeeded = false
    },
  }
}

/** A number, such as a port, is everywhere. */
const isCommon = /^(-?\d+(\.\d+)?|true|false)$/

/** Fills in the rest. Every variable left is one of `values`: `renderPartly` has seen to it. */
export const renderRest = (
  template: LineTemplate,
  values: ReadonlyMap<string, string>,
  encode: (value: string) => string,
): string =>
  template.parts.map(part => (typeof part === 'string' ? part : encode(values.get(part.variable) ?? ''))).join('')

const attempt = <A>(evaluate: () => A, { around: { work } }: Scope): Result<A> => {
  work.steps = 0
  work.touched = false
  try {
    return E.right(evaluate())
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error
    work.above.length = 0
    work.depth = 0
    return E.left(error.problem)
  }
}

const tooLong = ({ expression, text }: Hole): InputProblem => ({
  _tag: 'BadTemplate',
  at: expression.at,
  reason: `${text} makes this longer than ${maxLength / 1024} KiB`,
})
