/** What is written where a host stands: `web[01:20].example.org:2222` as names and a port, by Ansible's rules. */
import * as E from 'fp-ts/lib/Either.js'

export type HostsWritten = Readonly<{ names: readonly string[]; port: number | null }>

/** The Left says what is wrong with it. Without ranges, as in `h1,h2`, a `[` stands for itself. */
export const hostsWritten = (text: string, ranges = true): E.Either<string, HostsWritten> => {
  const { pattern, port } = splitPort(text, ranges)
  if (!ranges || !pattern.includes('[')) return E.right({ names: [pattern], port })
  const into = { names: [], steps: 0 }
  const fault = expand(pattern, into)
  return fault === null ? E.right({ names: into.names, port }) : E.left(fault)
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
  text.length <= maxLength && (ipv4.test(text) || ipv6.test(text) || hostname.test(text))

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
const hostname = new RegExp(String.raw`^${label}(?:\.${label})*$`, 'iu')

/** A range of a range is a bomb of a few letters, even where it stands for nothing. */
const maxSteps = 200_000

type Expanding = { names: string[]; steps: number }

/** plugins/inventory/__init__.py, expand_hostname_range: the first range, then those in what it makes. */
const expand = (pattern: string, into: Expanding): string | null => {
  into.steps += 1
  if (into.steps > maxSteps) return `it stands for more than ${maxSteps} hosts`
  const open = pattern.indexOf('[')
  const close = pattern.indexOf(']')
  if (open < 0) {
    into.names.push(pattern)
    return null
  }
  if (close < open) return pattern.includes(']') ? 'its ] stands before its [' : 'a [ has no ] after it'
  if (pattern.includes('|')) return 'a | cannot stand beside a range'
  const words = wordsOf(pattern.slice(open + 1, close))
  if (E.isLeft(words)) return words.left
  for (const word of words.right()) {
    const fault = expand(pattern.slice(0, open) + word + pattern.slice(close + 1), into)
    if (fault !== null) return fault
  }
  return null
}

const form = 'such as [1:9], [01:20], [a:f] or [0:8:2]'

const wordsOf = (range: string): E.Either<string, () => Iterable<string>> => {
  const bounds = range.split(':')
  if (bounds.length !== 2 && bounds.length !== 3) return E.left(`a range has a begin and an end, ${form}`)
  const [first = '', last = '', every = '1'] = bounds
  const begin = first === '' ? '0' : first
  if (last === '') return E.left(`a range needs an end, ${form}`)
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0
  if (width > 0 && width !== last.length) {
    return E.left(`begin and end of a range that begins with 0 have as many digits, as in [01:20]`)
  }
  if (!/^\d{1,15}$/.test(every) || Number(every) === 0)
    return E.left(`the step of a range is a number from 1 up, ${form}`)
  const step = Number(every)
  const [low, high] = [letters.indexOf(begin), letters.indexOf(last)]
  if (low >= 0 && high >= 0) {
    if (low > high) return E.left(`[${range}] ends before it begins: letters go from a to z, then from A to Z`)
    return E.right(() => [...letters.slice(low, high + 1)].filter((_letter, i) => i % step === 0))
  }
  if (!/^\d{1,15}$/.test(begin) || !/^\d{1,15}$/.test(last)) {
    return E.left(`a range goes from a number to a number or from a letter to a letter, ${form}`)
  }
  return E.right(function* () {
    for (let n = Number(begin); n <= Number(last); n += step) yield String(n).padStart(width, '0')
  })
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
