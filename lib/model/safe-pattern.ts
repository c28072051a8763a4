/** Regular expressions in RE2's syntax: matching takes time in proportion to the text, whoever wrote either. */
import { type Matcher, RE2JS } from 're2js'

/** Does the pattern fit the whole word? A pattern that is none fits nothing: `patternFault` has said so before. */
export const fitsPattern = (pattern: string, word: string): boolean => compiled(pattern)?.matches(word) ?? false

/** What the groups of a pattern hold where it fits the whole word; null where it does not fit. */
export const wordsIn = (pattern: string, word: string): readonly string[] | null => {
  const matcher = compiled(pattern)?.matcher(word)
  if (matcher === undefined || !matcher.matches()) return null
  return Array.from({ length: matcher.groupCount() }, (_, i) => matcher.group(i + 1) ?? '')
}

type PatternFault = Readonly<{ fault: string }>

/** Does the pattern fit somewhere in the text, or where it has to? */
export const foundBy = (pattern: string, text: string, place: 'begins' | 'anywhere'): boolean | PatternFault => {
  const made = compiled(pattern)
  if (made === null) return { fault: patternFault(pattern) ?? '' }
  return place === 'begins' ? made.matcher(text).lookingAt() : made.matcher(text).find()
}

/**
 * The text with what the pattern fits replaced; in `replacement`, as in Python's `re.sub`, \1 and \g<name> are groups.
 * Once it is longer than `most` it goes on no further.
 */
export const replaceAll = (
  pattern: string,
  text: string,
  replacement: string,
  most: number,
): Readonly<{ text: string }> | PatternFault => {
  const made = compiled(pattern)
  if (made === null) return { fault: patternFault(pattern) ?? '' }
  const matcher = made.matcher(text)
  let replaced = ''
  let done = 0
  while (matcher.find()) {
    const filled = filledIn(replacement, matcher, made)
    if (typeof filled !== 'string') return filled
    replaced += text.slice(done, matcher.start()) + filled
    if (replaced.length > most) break
    done = matcher.end()
  }
  return { text: replaced + text.slice(done) }
}

const filledIn = (replacement: string, matcher: Matcher, pattern: RE2JS): string | PatternFault => {
  let unknown: string | null = null
  const text = replacement.replace(/\\(?:(\d{1,2})|g<(\w+)>|([\s\S]))/g, (all, digits, name, letter) => {
    if (letter !== undefined) return { n: '\n', t: '\t', '\\': '\\' }[letter as 'n'] ?? all
    const group = Number(digits ?? (/^\d+$/.test(name) ? name : (pattern.namedGroups()[name] ?? -1)))
    if (group >= 0 && group <= matcher.groupCount()) return matcher.group(group) ?? ''
    unknown = digits ?? name
    return ''
  })
  return unknown === null ? text : { fault: `the pattern has no group ${unknown}` }
}

/** Why it is no pattern, in words; null where it is one. */
export const patternFault = (pattern: string): string | null => {
  try {
    RE2JS.compile(pattern)
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    return `this is no regular expression in RE2's syntax: ${reason}`
  }
}

/** Compiling costs more than matching, and a catalog holds few patterns for many processes. */
const known = new Map<string, RE2JS | null>()

const compiled = (pattern: string): RE2JS | null => {
  const before = known.get(pattern)
  if (before !== undefined) return before
  const made = patternFault(pattern) === null ? RE2JS.compile(pattern) : null
  if (known.size > maxKnown) known.clear()
  known.set(pattern, made)
  return made
}

const maxKnown = 1000
