/** What an expression is worth. */
import * as E from 'fp-ts/lib/Either.js'
import type { Arguments, Expression } from '../../model/expression.js'
import type { SourcePos } from '../../model/place.js'
import { redactionsOf } from '../../model/redact.js'
import type { Hole, Template, Variable } from '../../model/template.js'
import { Float, isList, isTruthy, kindOfValue, numberOf, textOfValue, type Value } from '../../model/value.js'
import type { Given } from './arguments.js'
import { EvaluationFault, fail } from './fault.js'
import { applyFilter } from './filters.js'
import { hostvarsFor } from './hostvars.js'
import { itemIn } from './items.js'
import { calculate, compareValues } from './operators.js'
import { lookUp, Missing, type Scope, spend } from './scope.js'
import { bounded, weighed, weightOf } from './size.js'
import { passesTest } from './tests.js'

/** Text; where the template is one expression and nothing else, the value of that as it is. Throws EvaluationFault. */
export const evaluateTemplate = ({ parts, at }: Template, scope: Scope): Value => {
  const [only] = parts
  if (parts.length === 1 && only !== undefined && typeof only !== 'string') return needed(only.expression, scope)
  let text = ''
  for (const part of parts) {
    text = bounded(text + (typeof part === 'string' ? part : textOfHole(part, scope)), at)
  }
  return text
}

/** Where a value was forgotten, `{{ dir }}/bin/x` must not become /bin/x; who wants no text writes "". */
export const textOfHole = ({ expression, text }: Hole, scope: Scope): string => {
  const value = needed(expression, scope)
  const found = textOfValue(value)
  if (found !== null) return bounded(found, expression.at)
  const expected = `text or a number in ${text}`
  throw new EvaluationFault({
    _tag: 'BadValue',
    at: expression.at,
    expected,
    found: kindOfValue(value),
    host: scope.host,
  })
}

/** Fails where there is no value. */
export const needed = (expression: Expression, scope: Scope): Value => {
  const value = evaluate(expression, scope)
  if (value instanceof Missing) throw new EvaluationFault(value.problem)
  return value
}

const maxDepth = 1_000

const evaluate = (expression: Expression, scope: Scope): Value | Missing => {
  const { work } = scope.around
  spend(scope, expression.at)
  work.depth += 1
  if (work.depth > maxDepth) fail(expression.at, `this is nested more than ${maxDepth} deep`)
  const value = evaluateOne(expression, scope)
  work.depth -= 1
  if (value instanceof Missing) return value
  // Whoever gets it walks over it: a large list costs more each time.
  work.steps += Math.floor(weightOf(weighed(value, expression.at)) / valuesPerStep)
  return value
}

const valuesPerStep = 16

const evaluateOne = (expression: Expression, scope: Scope): Value | Missing => {
  const { at } = expression
  switch (expression._tag) {
    case 'Constant':
      return expression.value
    case 'Name':
      return expression.name === 'hostvars'
        ? hostvarsFor(scope, at, written)
        : lookUp(scope, expression.name, at, variable => written(variable, scope))
    case 'List':
      return expression.items.map(item => needed(item, scope))
    case 'Dict':
      return new Map(expression.entries.map(([key, value]) => [keyOf(key, scope), needed(value, scope)] as const))
    case 'Item':
      return itemOf(expression, scope)
    case 'Slice':
      return sliceOf(
        needed(expression.of, scope),
        expression.bounds.map(bound => boundOf(bound, scope)),
        at,
      )
    case 'Filter':
      return applyFilter(expression.name, evaluate(expression.of, scope), given(expression.args, scope, at))
    case 'Test': {
      const passes = passesTest(expression.name, evaluate(expression.of, scope), given(expression.args, scope, at))
      return passes !== expression.negated
    }
    case 'Unary':
      return signed(expression.operator, needed(expression.of, scope), at)
    case 'Binary': {
      const left = needed(expression.left, scope)
      if (expression.operator === 'and') return isTruthy(left) ? needed(expression.right, scope) : left
      if (expression.operator === 'or') return isTruthy(left) ? left : needed(expression.right, scope)
      return calculate(expression.operator, left, needed(expression.right, scope), at)
    }
    case 'Compare': {
      let left = needed(expression.first, scope)
      for (const [operator, next] of expression.rest) {
        const right = needed(next, scope)
        if (!compareValues(operator, left, right, at)) return false
        left = right
      }
      return true
    }
    case 'If':
      if (isTruthy(needed(expression.test, scope))) return evaluate(expression.then, scope)
      if (expression.otherwise !== null) return evaluate(expression.otherwise, scope)
      return new Missing({
        _tag: 'BadTemplate',
        at,
        reason: 'this has no value where its "if" does not hold; give it an else',
      })
  }
}

/** What is written, with all the expressions in it worked out. */
const written = (variable: Variable, scope: Scope): Value => {
  switch (variable._tag) {
    case 'Text': {
      const value = evaluateTemplate(variable.template, scope)
      return variable.secret ? kept(value, scope) : value
    }
    case 'Sealed': {
      const opened = variable.open()
      return E.isLeft(opened) ? fail(variable.at, opened.left) : kept(opened.right.reveal(), scope)
    }
    case 'Plain':
      if (variable.secret) scope.around.work.touched = true
      return typeof variable.value === 'number' && (variable.float || !Number.isSafeInteger(variable.value))
        ? new Float(variable.value)
        : variable.value
    case 'Known':
      return variable.value
    case 'List':
      return variable.items.map(item => written(item, scope))
    case 'Map':
      return new Map([...variable.entries].map(([key, item]) => [key, written(item, scope)] as const))
  }
}

/** Notes that the value is secret. */
const kept = (value: Value, { secrets, around: { work, redactions } }: Scope): Value => {
  work.touched = true
  if (typeof value === 'string' && !secrets.texts.has(value)) {
    secrets.texts.add(value)
    redactions.push(...redactionsOf(value))
  }
  return value
}

/** Arguments are worked out by the filter that asks for them. */
const given = (args: Arguments, scope: Scope, at: SourcePos): Given => ({
  at,
  plain: args.plain.map(expression => () => needed(expression, scope)),
  named: new Map([...args.named].map(([name, expression]) => [name, () => needed(expression, scope)] as const)),
})

const keyOf = (key: Expression, scope: Scope): string => {
  const value = needed(key, scope)
  return typeof value === 'string' ? value : fail(key.at, `a key has to be text, and this is ${kindOfValue(value)}`)
}

const itemOf = ({ of, key }: Extract<Expression, { _tag: 'Item' }>, scope: Scope): Value | Missing => {
  const whole = evaluate(of, scope)
  // As in Ansible: of what is not there nothing is there either, so that one default is enough.
  if (whole instanceof Missing) return whole
  return itemIn(whole, needed(key, scope), key.at, named(of))
}

/** `users[0].name`, as far as it can be written down in short. */
const named = (expression: Expression): string => {
  if (expression._tag === 'Name') return expression.name
  if (expression._tag !== 'Item' || expression.key._tag !== 'Constant') return 'this'
  const { value } = expression.key
  return typeof value === 'string' ? `${named(expression.of)}.${value}` : `${named(expression.of)}[${String(value)}]`
}

const boundOf = (bound: Expression | null, scope: Scope): number | null => {
  const value = bound === null ? null : needed(bound, scope)
  if (bound === null || value === null || typeof value === 'number') return value as number | null
  return fail(bound.at, `a slice is bounded by whole numbers, and this is ${kindOfValue(value)}`)
}

/** As Python's `slice.indices` has it. */
const sliceOf = (
  whole: Value,
  [from = null, to = null, by = null]: readonly (number | null)[],
  at: SourcePos,
): Value => {
  if (typeof whole !== 'string' && !isList(whole)) return fail(at, `there are no slices of ${kindOfValue(whole)}`)
  const items = isList(whole) ? whole : [...whole]
  const step = by ?? 1
  if (step === 0) fail(at, 'the step of a slice cannot be 0')
  const [least, most] = step > 0 ? [0, items.length] : [-1, items.length - 1]
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + items.length : bound, least), most)
  const start = from === null ? (step > 0 ? least : most) : clamp(from)
  const stop = to === null ? (step > 0 ? most : least) : clamp(to)
  const taken: Value[] = []
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) taken.push(items[i] ?? null)
  return isList(whole) ? taken : taken.join('')
}

const signed = (operator: '-' | '+' | 'not', value: Value, at: SourcePos): Value => {
  if (operator === 'not') return !isTruthy(value)
  const number = numberOf(value)
  if (number === null) return fail(at, `${operator} cannot be applied to ${kindOfValue(value)}`)
  const result = operator === '-' ? -number : number
  return value instanceof Float ? new Float(result) : result + 0
}
