/** Regular expressions in RE2's syntax: matching takes time in proportion to the text, whoever wrote either. */
import { RE2JS } from 're2js'

/** Does the pattern fit the whole word? A pattern that is none fits nothing: `patternFault` has said so before. */
export const fitsPattern = (pattern: string, word: string): boolean => compiled(pattern)?.matches(word) ?? false

/** What the groups of a pattern hold where it fits the whole word; null where it does not fit. */
export const wordsIn = (pattern: string, word: string): readonly string[] | null => {
  const matcher = compiled(pattern)?.matcher(word)
  if (matcher === undefined || !matcher.matches()) return null
  return Array.from({ length: matcher.groupCount() }, (_, i) => matcher.group(i + 1) ?? '')
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
