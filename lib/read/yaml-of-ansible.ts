/**
 * YAML as Ansible reads it: YAML 1.1 by PyYAML's rules (yaml/resolver.py), where `no` is false, `010` is 8, `1:30` is 90
 * and `1e3` is text.
 */
import type { PlainValue, YamlDialect } from './yaml.js'

/** Forty values for each of 100,000 hosts. */
const maxNodes = 4_000_000

export const yamlOfAnsible: YamlDialect = {
  maxNodes,
  merges: true,
  plainValue: text => {
    // Most text begins like none of the others.
    if (!/^[-+.~0-9ntfyoNTFYO]|^$/.test(text)) return { value: text }
    const word = words.get(text)
    if (word !== undefined) return { value: word }
    if (integer.test(text)) return integerOf(text)
    if (float.test(text)) return { value: floatOf(text.replaceAll('_', '')), float: true }
    return { value: timestamp.test(text) ? momentOf(text) : text }
  },
}

/** JSON, which is YAML too; an executable inventory answers in it. */
export const jsonDialect: YamlDialect = {
  maxNodes,
  merges: false,
  lastKeyCounts: true,
  plainValue: text => {
    const word = jsonWords.get(text)
    if (word !== undefined) return typeof word === 'number' ? { value: word, float: true } : { value: word }
    return /^-?\d+$/.test(text) ? exactly(BigInt(text)) : { value: Number(text), float: true }
  },
}

const words = new Map<string, boolean | null>([
  ...['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
])

const jsonWords = new Map<string, boolean | null | number>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

const integer =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const float =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const timestamp =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/

const integerOf = (written: string): PlainValue => {
  const text = written.replaceAll('_', '').replace(/^[-+]/, '')
  const size = text.includes(':') ? base60(text.split(':').map(BigInt)) : BigInt(octalAsJs(text))
  return exactly(written.startsWith('-') ? -size : size)
}

/** `010` is how YAML 1.1 writes 0o10. */
const octalAsJs = (text: string): string =>
  /^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : /^0[bx]$/.test(text) ? '0' : text

const base60 = (digits: readonly bigint[]): bigint => digits.reduce((sum, digit) => sum * 60n + digit, 0n)

const exactly = (value: bigint): PlainValue => {
  const rounded = Number(value)
  return Number.isSafeInteger(rounded) ? { value: rounded } : { value: rounded, big: value }
}

const floatOf = (text: string): number => {
  const sign = text.startsWith('-') ? -1 : 1
  const size = text.replace(/^[-+]/, '').toLowerCase()
  if (size === '.inf') return sign * Number.POSITIVE_INFINITY
  if (size === '.nan') return Number.NaN
  return sign * size.split(':').reduce((sum, digits) => sum * 60 + Number(digits), 0)
}

/** As Python's `isoformat` writes it, which is how Ansible shows a date. */
const momentOf = (text: string): string => {
  const parts = /^(\d+)-(\d+)-(\d+)(?:[Tt \t]+(\d+):(\d+):(\d+)(?:\.(\d*))?[ \t]*(Z|([-+])(\d+)(?::(\d+))?)?)?$/.exec(
    text,
  )
  const [, year = '', month = '', day = '', hour, minute, second, fraction, zone, sign, hours = '', minutes = '0'] =
    parts ?? []
  const two = (digits: string): string => digits.padStart(2, '0')
  const date = `${year}-${two(month)}-${two(day)}`
  if (hour === undefined) return date
  const micro = (fraction ?? '').slice(0, 6).padEnd(6, '0')
  const offset = zone === undefined ? '' : zone === 'Z' ? '+00:00' : `${sign}${two(hours)}:${two(minutes)}`
  return `${date}T${two(hour)}:${minute}:${second}${micro === '000000' ? '' : `.${micro}`}${offset}`
}
