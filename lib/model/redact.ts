/** Hides secrets in whatever is shown or written down: the one place that knows how. */

import { Secret } from './secret.js'

/** A text that holds a secret, and what is shown in its place. */
export type Redaction = Readonly<{ text: string; shown: string }>

export const secretMark = '***'

/** Of a secret this short, nothing else may be hidden that only holds the same letters. */
export const shortestSecret = 4

/** Lines of a secret of several, such as a key, are hidden one by one too, from this length on. */
const shortestLine = 8

/** What has to be hidden so that a secret is: itself, as it stands within quotes of the shell, and its lines. */
export const redactionsOf = (secret: string): readonly Redaction[] => {
  const lines = secret.split('\n').filter(line => line !== secret && line.length >= shortestLine)
  return [secret, ...lines]
    .flatMap(text => [text, text.replaceAll("'", `'\\''`)])
    .map(text => ({ text, shown: secretMark }))
}

/** Hides all of them in a text, the longest first: what is left of one that holds another would still tell something. */
export const redactor = (redactions: Iterable<Redaction>): ((text: string) => string) => {
  const shown = new Map<string, string>()
  for (const { text, shown: mark } of redactions) if (text.trim() !== '') shown.set(text, mark)
  if (shown.size === 0) return text => text
  const any = new RegExp(
    [...shown.keys()]
      .sort((a, b) => b.length - a.length)
      .map(patternOf)
      .join('|'),
    'gu',
  )
  return text => text.replace(any, found => shown.get(found) ?? secretMark)
}

/** Keys whose values steer a program, in events and in journals. */
const steering: ReadonlySet<string> = new Set(
  '_tag runId resumes id host service desired found action after moment moments outcome sha256 bootId hostname'.split(
    ' ',
  ),
)

/** The same value with each text in it changed, but for those behind a key in `kept`; below `free`, keys are anybody's. */
export const mapTexts = <A>(
  value: A,
  change: (text: string) => string,
  kept = steering,
  free: string | null = null,
): A => {
  const changed = (inner: unknown, key: string): unknown => {
    if (typeof inner === 'string') return kept.has(key) ? inner : change(inner)
    if (Array.isArray(inner)) return inner.map(one => changed(one, key))
    if (inner instanceof Set) return new Set([...inner].map(one => changed(one, key)))
    if (inner instanceof Map) return new Map([...inner].map(([name, one]) => [name, changed(one, '')]))
    if (typeof inner !== 'object' || inner === null || inner instanceof Secret) return inner
    return Object.fromEntries(
      Object.entries(inner).map(([name, one]) => [name, changed(one, key === free ? '' : name)]),
    )
  }
  return changed(value, '') as A
}

const patternOf = (text: string): string =>
  text.length < shortestSecret ? `(?<![\\p{L}\\p{N}_])${literally(text)}(?![\\p{L}\\p{N}_])` : literally(text)

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
