/**
 * Ansible's host patterns: `web`, `web:db`, `web:&eu`, `all:!old`, `app*`, `~app\d+`, `web[0]`, `web[1:]`; a comma joins
 * as a colon does.
 */
import * as E from 'fp-ts/lib/Either.js'
import { isGlob } from '../model/glob.js'
import type { HostPattern, PatternTerm, Slice } from '../model/inventory.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { patternFault } from '../model/safe-pattern.js'
import { type Codec, codecOf, decode, filled, list } from './codec.js'
import { isOneHost } from './inventory/host-range.js'
import { kindOf } from './node.js'

const expected = 'a host pattern, such as web:&eu:!old'

const onePattern: Codec<HostPattern> = codecOf(expected, node => {
  if (node._tag !== 'scalar' || node.value === null) {
    return E.left([{ _tag: 'WrongType', at: node.at, expected, found: kindOf(node) }])
  }
  const read = readPattern(node.text, node.at, node.text === '' ? null : (node.textAt ?? null))
  return E.isRight(read) ? read : E.left(read.left.map(({ problem }) => problem))
})

/** A list of them means what they mean with commas between (playbook/play.py, inventory/manager.py). */
export const hostPattern: Codec<HostPattern> = codecOf(expected, node => {
  if (node._tag !== 'list') return decode(onePattern, node)
  return E.map((patterns: readonly HostPattern[]) => ({
    text: patterns.map(({ text }) => text).join(','),
    terms: patterns.flatMap(({ terms }) => terms),
    at: node.at,
  }))(decode(patternList, node))
})

const patternList = filled(list(onePattern, 'a list of host patterns'))

/** Null where it is none. `at` is null for a pattern from the command line. */
export const parsePattern = (text: string, at: SourcePos | null): HostPattern | null => {
  const read = readPattern(text, at)
  return E.isRight(read) ? read.right : null
}

/** What is wrong with a term, as a problem where it stands and in words. */
export type PatternMistake = Readonly<{ reason: string; problem: InputProblem }>

/** `textAt` is where its first letter stands, if it stands there as it is. */
export const readPattern = (
  text: string,
  at: SourcePos | null,
  textAt: SourcePos | null = at,
): E.Either<readonly PatternMistake[], HostPattern> => {
  const terms: PatternTerm[] = []
  const mistakes: PatternMistake[] = []
  for (const { word, offset } of splitTerms(text)) {
    const place = textAt === null ? at : { ...textAt, column: textAt.column + offset }
    const term = termOf(word, place)
    if (typeof term !== 'string') {
      terms.push(term)
      continue
    }
    const problem: InputProblem =
      place === null
        ? { _tag: 'BadUsage', reason: `${text} is no host pattern: ${term}` }
        : { _tag: 'WrongType', at: place, expected, found: term }
    mistakes.push({ reason: term, problem })
  }
  return mistakes.length > 0 ? E.left(mistakes) : E.right({ text, terms, at })
}

type Word = Readonly<{ word: string; offset: number }>

/**
 * At commas; then at the colons of what is no address and no host with a port. What stands in brackets is left whole.
 */
const splitTerms = (text: string): readonly Word[] =>
  partsOf(text, 0, /,/).flatMap(part =>
    part.word.includes('::') || isOneHost(part.word) ? [part] : partsOf(part.word, part.offset, /:(?![^[]*\])/),
  )

const partsOf = (text: string, offset: number, separator: RegExp): readonly Word[] => {
  let next = offset
  return text.split(separator).map(part => {
    const word = { word: part.trim(), offset: next + part.length - part.trimStart().length }
    next += part.length + 1
    return word
  })
}

/** What is wrong with it instead, in words. */
const termOf = (word: string, at: SourcePos | null): PatternTerm | string => {
  const sign = word[0]
  const kind = sign === '&' ? 'intersection' : sign === '!' ? 'exclusion' : 'union'
  const text = kind === 'union' ? word : word.slice(1)
  if (text === '') return 'one with an empty term'
  if (text.startsWith('~')) {
    const glob = text.slice(1)
    const fault = glob === '' ? 'there is nothing after the ~' : patternFault(glob)
    return fault ?? { kind, glob, isGlob: true, isRegex: true, slice: null, at }
  }
  const match = /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/.exec(text)
  const glob = match?.[1] ?? text
  if (/^[^[]*\]|\[[^\]]*$/.test(glob)) return 'one with a [ or ] that has no counterpart'
  if (/\[-?\d*:[^\]]*\]$|\[\]$/.test(glob)) return `${slices}, and no other numbers`
  return { kind, glob, isGlob: isGlob(glob) || glob.includes('['), isRegex: false, slice: sliceOf(match), at }
}

const slices = 'one with brackets: hosts are picked as in web[0], web[-1], web[1:] or web[0:2]'

const sliceOf = (match: RegExpExecArray | null): Slice | null => {
  if (match === null) return null
  const [, , index, from, to] = match
  if (index !== undefined) return { from: Number(index), to: null }
  return { from: Number(from), to: to === undefined || to === '' ? 'end' : Number(to) }
}
