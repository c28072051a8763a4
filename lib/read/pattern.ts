/** Ansible's host patterns: `web`, `web:db`, `web:&eu`, `all:!old`, `app*`; a comma joins as a colon does. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostPattern, PatternTerm } from '../model/inventory.js'
import type { SourcePos } from '../model/place.js'
import { type Codec, codecOf } from './codec.js'
import { kindOf } from './node.js'

const expected = 'a host pattern, such as web:&eu:!old'

export const hostPattern: Codec<HostPattern> = codecOf(expected, node => {
  const pattern = node._tag === 'scalar' && node.value !== null ? parsePattern(node.text, node.at) : null
  if (pattern !== null) return E.right(pattern)
  const wrong =
    node._tag === 'scalar' && /[~[]/.test(node.text) ? 'one with ~ or [, which are not read' : 'one with an empty term'
  const found = kindOf(node) === 'text' ? wrong : kindOf(node)
  return E.left([{ _tag: 'WrongType', at: node.at, expected, found }])
})

/** Null where a term is empty, a regular expression (`~…`) or a slice (`web[0]`), which are not read. `at` is null for a pattern from the command line. */
export const parsePattern = (text: string, at: SourcePos | null): HostPattern | null => {
  const terms = splitTerms(text).map(termOf)
  return terms.every(({ glob }) => glob !== '' && !/^~|\[/.test(glob)) ? { text, terms, at } : null
}

/** A pattern with `::` in it holds an IPv6 address: only commas part its terms then. */
const splitTerms = (text: string): readonly string[] =>
  text.split(/::/.test(text) ? ',' : /[:,]/).map(term => term.trim())

const termOf = (term: string): PatternTerm => {
  if (term.startsWith('&')) return { kind: 'intersection', glob: term.slice(1) }
  if (term.startsWith('!')) return { kind: 'exclusion', glob: term.slice(1) }
  return { kind: 'union', glob: term }
}
