/** Filters that make numbers and true or false. */
import { Float, kindOfValue, numberOf, type Value } from '../../model/value.js'
import { bind, type Filter, type Given } from './arguments.js'
import { fail } from './fault.js'

const wholeForms: ReadonlyMap<number, RegExp> = new Map([
  [2, /^[+-]?(0b)?[01]+$/],
  [8, /^[+-]?(0o)?[0-7]+$/],
  [10, /^[+-]?\d+(_\d+)*$/],
  [16, /^[+-]?(0x)?[0-9a-f]+$/],
])

/** As Jinja has it: what is no number is the default, 0. */
const int: Filter = (value, given) => {
  const args = bind(given, ['default', 'base'])
  const base = args.whole('base', 10)
  const form = wholeForms.get(base) ?? fail(given.at, 'base has to be 2, 8, 10 or 16')
  const otherwise = () => args.value('default') ?? 0
  const number = typeof value === 'string' ? wholeIn(value.trim().toLowerCase(), form, base) : numberOf(value)
  if (number === null || !Number.isFinite(number)) return otherwise()
  return Number.isSafeInteger(Math.trunc(number)) ? Math.trunc(number) + 0 : fail(given.at, 'this is larger than 2^53')
}

const wholeIn = (text: string, form: RegExp, base: number): number | null => {
  if (!form.test(text)) return floatIn(text)
  const digits = text.replace(/^([+-]?)0[box]/, '$1').replaceAll('_', '')
  return Number.parseInt(digits, base)
}

const floatIn = (text: string): number | null =>
  /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : null

const float: Filter = (value, given) => {
  const args = bind(given, ['default'])
  const number = typeof value === 'string' ? floatIn(value.trim()) : numberOf(value)
  return number === null ? (args.value('default') ?? new Float(0)) : new Float(number)
}

const trueWords = ['true', 'yes', 'on', '1', 'y', 't']
const falseWords = ['false', 'no', 'off', '0', 'n', 'f', '']

/** Ansible takes any other word for false; here it is a mistake. */
const bool: Filter = (value, given) => {
  bind(given, [])
  if (value === null || typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : String(numberOf(value) ?? '?')
  if (trueWords.includes(word)) return true
  return falseWords.includes(word) ? false : fail(given.at, 'this is neither yes, on, true, 1 nor no, off, false, 0')
}

/** To the even neighbour where it is in the middle, as Python's `round`. */
const round: Filter = (value, given) => {
  const args = bind(given, ['precision', 'method'])
  const [precision, method] = [args.whole('precision', 0), args.text('method', 'common')]
  const scale = 10 ** precision
  const number = needNumber(value, given)
  switch (method) {
    case 'common':
      if (!(value instanceof Float) && precision >= 0) return number
      return new Float(
        precision === 0 ? halfToEven(number) : Number(number.toFixed(Math.min(Math.max(precision, 0), 100))),
      )
    case 'ceil':
      return new Float(Math.ceil(number * scale) / scale)
    case 'floor':
      return new Float(Math.floor(number * scale) / scale)
    default:
      return fail(given.at, 'method has to be common, ceil or floor')
  }
}

const halfToEven = (number: number): number => {
  const below = Math.floor(number)
  if (number - below !== 0.5) return Math.round(number)
  return below % 2 === 0 ? below : below + 1
}

const needNumber = (value: Value, { at }: Given): number =>
  numberOf(value) ?? fail(at, `this takes a number, and finds ${kindOfValue(value)}`)

export const numberFilters = {
  abs: (value, given) => {
    bind(given, [])
    const number = Math.abs(needNumber(value, given))
    return value instanceof Float ? new Float(number) : number
  },
  bool,
  float,
  int,
  round,
} as const satisfies Readonly<Record<string, Filter>>
