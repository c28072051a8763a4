/** What an expression is worth: Python's values as far as Jinja shows them, compared and written as Python does. */
import { MapView } from './lazy-map.js'

export type Value = string | number | Float | boolean | null | readonly Value[] | ReadonlyMap<string, Value>

/** A number that is not whole, or came out of a division: `2.0` is not `2` when it is written. A bare number is whole. */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value)
export const isMap = (value: unknown): value is ReadonlyMap<string, Value> =>
  value instanceof Map || value instanceof MapView

/** In words for a message; never the value itself, which may be a secret. */
export const kindOfValue = (value: Value): string => {
  if (value === null) return 'nothing'
  if (isList(value)) return 'a list'
  if (isMap(value)) return 'a map'
  if (typeof value === 'string') return 'text'
  return typeof value === 'boolean' ? 'true or false' : 'a number'
}

export const isTruthy = (value: Value): boolean => {
  if (isList(value)) return value.length > 0
  if (isMap(value)) return value.size > 0
  return value instanceof Float ? value.value !== 0 : Boolean(value)
}

/** True and false count as 1 and 0; null for what is no number. */
export const numberOf = (value: Value): number | null => {
  if (value instanceof Float) return value.value
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : null
}

/** As it stands in text; null for what cannot: nothing, a list, a map. */
export const textOfValue = (value: Value): string | null => {
  if (value instanceof Float) return floatText(value.value)
  return value === null || typeof value === 'object' ? null : String(value)
}

export const areEqual = (a: Value, b: Value): boolean => {
  const [one, other] = [numberOf(a), numberOf(b)]
  if (one !== null || other !== null) return one === other
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => areEqual(item, b[i] ?? null))
  if (!isMap(a)) return a === b
  return (
    isMap(b) && a.size === b.size && [...a].every(([key, value]) => b.has(key) && areEqual(value, b.get(key) ?? null))
  )
}

/** Text that two values share if and only if they are equal. */
export const identityOf = (value: Value): string => {
  const number = numberOf(value)
  if (number !== null) return String(number + 0)
  if (isList(value)) return `[${value.map(identityOf).join(',')}]`
  if (!isMap(value)) return JSON.stringify(value)
  return `{${[...value]
    .map(([key, item]) => `${JSON.stringify(key)}:${identityOf(item)}`)
    .sort()
    .join(',')}}`
}

/** Below 0, 0 or above it; null where the two have no order. */
export const orderOf = (a: Value, b: Value): number | null => {
  const [one, other] = [numberOf(a), numberOf(b)]
  if (one !== null && other !== null) return one - other
  if (typeof a === 'string' && typeof b === 'string') return byCodePoint(a, b)
  if (!isList(a) || !isList(b)) return null
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [left = null, right = null] = [a[i], b[i]]
    if (!areEqual(left, right)) return orderOf(left, right)
  }
  return a.length - b.length
}

/** JSON as Python's `json.dumps` writes it. */
export const jsonOf = (value: Value): string => {
  if (isList(value)) return `[${value.map(jsonOf).join(', ')}]`
  if (isMap(value)) return `{${[...value].map(([key, item]) => `${jsonOf(key)}: ${jsonOf(item)}`).join(', ')}}`
  if (typeof value === 'string') return JSON.stringify(value).replace(/[\u007f-\uffff]/g, inHex)
  return textOfValue(value) ?? 'null'
}

const inHex = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`

const byCodePoint = (a: string, b: string): number => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at < a.length && at < b.length ? rankOf(a.charCodeAt(at)) - rankOf(b.charCodeAt(at)) : a.length - b.length
}

/** The halves of letters beyond U+FFFF come after all others. */
const rankOf = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit)

/** Python's `repr`: the shortest digits that mean the number, with an exponent below 1e-4 and from 1e16 on. */
const floatText = (value: number): string => {
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (value !== 0 && (power < -4 || power >= 16)) {
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  }
  const plain = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(plain)
    ? plain.includes('e')
      ? value.toFixed(-power + digits.replace(/^-?\d\.?/, '').length)
      : plain
    : `${plain}.0`
}
