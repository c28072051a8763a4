/** Arithmetic and comparison as in Python. */
import type { BinaryOperator, Comparison } from '../../model/expression.js'
import type { SourcePos } from '../../model/place.js'
import {
  areEqual,
  Float,
  isList,
  isMap,
  kindOfValue,
  numberOf,
  orderOf,
  textOfValue,
  type Value,
} from '../../model/value.js'
import { fail } from './fault.js'
import { bounded, maxLength } from './size.js'

export type Arithmetic = Exclude<BinaryOperator, 'and' | 'or'>

export const calculate = (operator: Arithmetic, left: Value, right: Value, at: SourcePos): Value => {
  if (operator === '~') return bounded(textFor(left, at) + textFor(right, at), at)
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return bounded(left + right, at)
  if (operator === '+' && isList(left) && isList(right)) {
    if (left.length + right.length > maxLength) fail(at, `this makes a list of more than ${maxLength} items`)
    return [...left, ...right]
  }
  if (operator === '*') {
    if (typeof left === 'string' || isList(left)) return repeated(left, right, at)
    if (typeof right === 'string' || isList(right)) return repeated(right, left, at)
  }
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a === null || b === null) return mismatch(operator, left, right, at)
  if ((operator === '/' || operator === '//' || operator === '%') && b === 0) fail(at, 'nothing can be divided by 0')
  const isWhole = !(left instanceof Float) && !(right instanceof Float)
  const result = resultOf(operator, a, b)
  if (!Number.isFinite(result)) fail(at, `the result of ${operator} is too large`)
  if (!isWhole || operator === '/' || (operator === '**' && b < 0)) return new Float(result)
  return Number.isSafeInteger(result) ? result + 0 : fail(at, `the result of ${operator} is larger than 2^53`)
}

const resultOf = (operator: Exclude<Arithmetic, '~'>, a: number, b: number): number => {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '//':
      return Math.floor(a / b)
    case '%':
      // It has the sign of the divisor.
      return ((a % b) + b) % b
    case '**':
      return a ** b
  }
}

export const compareValues = (operator: Comparison, left: Value, right: Value, at: SourcePos): boolean => {
  if (operator === '==' || operator === '!=') return areEqual(left, right) === (operator === '==')
  if (operator === 'in' || operator === 'not in') return holds(right, left, at) === (operator === 'in')
  const order = orderOf(left, right)
  if (order === null) return mismatch(operator, left, right, at)
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** Is it in the list, a key of the map, or a part of the text? */
export const holds = (whole: Value, part: Value, at: SourcePos): boolean => {
  if (isList(whole)) return whole.some(item => areEqual(item, part))
  if (isMap(whole)) return typeof part === 'string' && whole.has(part)
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part)
  return fail(at, `${kindOfValue(part)} cannot be looked for in ${kindOfValue(whole)}`)
}

export const textFor = (value: Value, at: SourcePos): string =>
  textOfValue(value) ?? fail(at, `text cannot be made of ${kindOfValue(value)}`)

const repeated = (what: string | readonly Value[], times: Value, at: SourcePos): Value => {
  if (typeof times !== 'number') return mismatch('*', what, times, at)
  const count = Math.max(0, times)
  if (what.length * count > maxLength) return fail(at, 'this repeats too much')
  return isList(what) ? Array<readonly Value[]>(count).fill(what).flat() : what.repeat(count)
}

const mismatch = (operator: string, left: Value, right: Value, at: SourcePos): never =>
  fail(at, `${operator} cannot be applied to ${kindOfValue(left)} and ${kindOfValue(right)}`)
