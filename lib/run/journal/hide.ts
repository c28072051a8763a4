/** Secrets never reach the disk: the one place where they are taken out of a record. */
import type { JournalRecord } from '../../model/journal.js'

/** What stands where a secret was. */
export const hiddenMark = '[hidden]'

/** The same record with every secret, as it is or quoted for the shell, replaced in all free text. */
export const hideSecrets = (record: JournalRecord, secrets: readonly string[]): JournalRecord => {
  const known = secrets.filter(secret => secret !== '').flatMap(secret => [secret, insideQuotes(secret)])
  if (known.length === 0) return record
  // The longest first: what is left of a secret that holds another one would still tell something.
  const any = new RegExp(
    known
      .sort((a, b) => b.length - a.length)
      .map(literally)
      .join('|'),
    'g',
  )
  return hideIn(record, any, '') as JournalRecord
}

/** A secret that happens to be such a word hides nothing by its absence and would break the record. */
const words = new Set(
  '_tag runId resumes id host service desired found action after moments outcome sha256 bootId hostname'.split(' '),
)

const hideIn = (value: unknown, any: RegExp, key: string): unknown => {
  if (typeof value === 'string') return words.has(key) ? value : value.replace(any, hiddenMark)
  if (Array.isArray(value)) return value.map(one => hideIn(one, any, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, hideIn(inner, any, key === 'more' ? '' : name)]),
  )
}

/** As it is within a word that `shellWord` quoted. */
const insideQuotes = (text: string): string => text.replaceAll("'", `'\\''`)

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
