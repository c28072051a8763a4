/** Secrets never reach the disk: the one place where they are taken out of a record. */
import type { JournalRecord } from '../../model/journal.js'
import { mapTexts, type Redaction, redactionsOf, redactor } from '../../model/redact.js'

/** The same record with every secret, as it is or quoted for the shell, replaced in all free text. */
export const hideSecrets = (
  record: JournalRecord,
  secrets: readonly string[],
  redactions: readonly Redaction[] = [],
): JournalRecord => {
  const all = [...secrets.flatMap(redactionsOf), ...redactions]
  return all.length === 0 ? record : mapTexts(record, redactor(all), undefined, 'more')
}
