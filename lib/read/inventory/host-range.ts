/** What is written where a host stands: `web[01:20].example.org:2222` as names and a port, by Ansible's rules. */
import * as E from 'fp-ts/lib/Either.js'

export type HostsWritten = Readonly<{ names: readonly string[]; port: number | null }>

/** At most `most`; the Left says what is wrong with it. */
export const hostsWritten = (text: string, most: number): E.Either<string, HostsWritten> => {
  const { pattern, port } = splitPort(text, true)
  return E.map((names: readonly string[]) => ({ names, port }))(expand(pattern, most))
}

/** One of `h1,h2`, where a `[` stands for itself. */
export const hostInList = (text: string): Readonly<{ name: string; port: number | null }> => {
  const { pattern, port } = splitPort(text, false)
  return { name: pattern, port }
}

/** parsing/utils/addresses.py: an address is told from what is none, which is left as it is. */
const splitPort = (text: string, ranges: boolean): Readonly<{ pattern: string; port: number | null }> => {
  const whole = { pattern: text, port: null }
  if (text.length > maxLength) return whole
  const match = /^\[(.+)\]:([0-9]+)$/.exec(text) ?? /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/.exec(text)
  const pattern = match?.[1] ?? text
  if (!isAddress(pattern) || (!ranges && pattern.includes('['))) return whole
  return match === null ? whole : { pattern, port: Number(match[2]) }
}

/** A name or an address, with a port or without, as one pattern of hosts: its colons part nothing. */
export const isOneHost = (text: string): boolean => {
  const { pattern, port } = splitPort(text, true)
  return port !== null || isAddress(pattern)
}

/** A name, an IPv4 or an IPv6 address, with ranges in it or not. */
const isAddress = (text: string): boolean =>
  text.length <= maxLength && (plainName.test(text) || ipv4.test(text) || ipv6.test(text) || hostname.test(text))

/** No name in the DNS is as long. */
const maxLength = 1000

const numeric = String.raw`\[(?:[0-9]+:[0-9]+)(?::[0-9]+)?\]`
const hexadecimal = String.raw`\[(?:[0-9a-f]+:[0-9a-f]+)(?::[0-9]+)?\]`
const alphanumeric = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`
const part6 = `(?:[0-9a-f]{1,4}|${hexadecimal})`
const part4 = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${numeric})`
const word = String.raw`[\p{L}\p{N}_]`
const label = String.raw`(?:${word}|${alphanumeric})(?:[\p{L}\p{N}_\-]|${alphanumeric})*(?<![_\-])`

export const ipv4 = new RegExp(String.raw`^(?:${part4}\.){3}${part4}$`, 'i')
const forms6 = [
  '(?:X:){7}X',
  '(?:X:){1,6}:',
  '(?:X:)(?::X){1,6}',
  '(?:X:){2}(?::X){1,5}',
  '(?:X:){3}(?::X){1,4}',
  '(?:X:){4}(?::X){1,3}',
  '(?:X:){5}(?::X){1,2}',
  '(?:X:){6}(?::X)',
  ':(?::X){1,6}',
  'X?::',
]
/** What only begins like one is taken for one, as it is there: `fe80::1%eth0` has a zone. */
export const ipv6 = new RegExp(`^(?:${forms6.join('|')})`.replaceAll('X', part6), 'i')
/** What most are. The others cost some 5 ms to be made ready for, once, for all the letters there are. */
const plainName = /^[a-z0-9_][\w-]*(?<![_-])(?:\.[a-z0-9_][\w-]*(?<![_-]))*$/i
const hostname = new RegExp(String.raw`^${label}(?:\.${label})*$`, 'iu')

export const tooMany = 'too many hosts'

/** plugins/inventory/__init__.py, expand_hostname_range: range by range, from the left. A few letters can be a bomb. */
const expand = (pattern: string, most: number): E.Either<string, readonly string[]> => {
  const ranges: (Range & Readonly<{ head: string }>)[] = []
  let rest = pattern
  for (;;) {
    const open = rest.indexOf('[')
    const close = rest.indexOf(']')
    if (open < 0) break
    if (close < open) return E.left(close < 0 ? 'a [ has no ] after it' : 'its ] stands before its [')
    if (pattern.includes('|')) return E.left('a | cannot stand beside a range')
    const range = readRange(rest.slice(open + 1, close))
    if (E.isLeft(range)) return range
    if (range.right.count === 0) return E.right([])
    ranges.push({ head: rest.slice(0, open), ...range.right })
    rest = rest.slice(close + 1)
  }
  if (ranges.reduce((product, { count }) => product * count, 1) > most) return E.left(tooMany)
  const names = ranges.reduce<readonly string[]>(
    (before, { head, count, word }) => {
      const words = Array.from({ length: count }, (_, i) => head + word(i))
      return before.flatMap(name => words.map(word => name + word))
    },
    [''],
  )
  return E.right(names.map(name => name + rest))
}

const form = 'such as [1:9], [01:20], [a:f] or [0:8:2]'

type Range = Readonly<{ count: number; word: (i: number) => string }>

const readRange = (range: string): E.Either<string, Range> => {
  const bounds = range.split(':')
  if (bounds.length !== 2 && bounds.length !== 3) return E.left(`a range has a begin and an end, ${form}`)
  const [first = '', last = '', every = '1'] = bounds
  const begin = first === '' ? '0' : first
  if (last === '') return E.left(`a range needs an end, ${form}`)
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0
  if (width > 0 && width !== last.length) {
    return E.left(`begin and end of a range that begins with 0 have as many digits, as in [01:20]`)
  }
  if (!/^\d{1,15}$/.test(every) || Number(every) === 0) {
    return E.left(`the step of a range is a number from 1 up, ${form}`)
  }
  const step = Number(every)
  const count = (low: number, high: number): number => Math.max(0, Math.floor((high - low) / step) + 1)
  const [low, high] = [letters.indexOf(begin), letters.indexOf(last)]
  if (low >= 0 && high >= 0) {
    if (low > high) return E.left(`[${range}] ends before it begins: letters go from a to z, then from A to Z`)
    return E.right({ count: count(low, high), word: i => letters[low + i * step] ?? '' })
  }
  if (!/^\d{1,15}$/.test(begin) || !/^\d{1,15}$/.test(last)) {
    return E.left(`a range goes from a number to a number or from a letter to a letter, ${form}`)
  }
  const start = Number(begin)
  return E.right({ count: count(start, Number(last)), word: i => String(start + i * step).padStart(width, '0') })
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
