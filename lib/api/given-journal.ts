/** A journal that whoever calls us keeps: no secret is written to it, and what it throws is a failure to write. */
import * as E from 'fp-ts/lib/Either.js'
import type { JournalEntry, JournalError } from '../model/journal.js'
import type { Journal } from '../run/journal/journal.js'

/** Its first failure is final: whatever is not written down is not begun. `hide` takes secrets out of an entry. */
export const givenJournal = (journal: Journal, hide: <A>(value: A) => A): Journal => {
  let failure: E.Left<JournalError> | null = null
  return {
    runId: journal.runId,
    append: async entry => {
      if (failure !== null) return failure
      const written = await appended(journal, hide(entry))
      if (E.isLeft(written)) failure = written
      return written
    },
    close: () => journal.close(),
  }
}

const appended = async (journal: Journal, entry: JournalEntry): Promise<E.Either<JournalError, void>> => {
  try {
    return await journal.append(entry)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return E.left({ _tag: 'NotWritten', path: journal.runId, why })
  }
}
