/** What a run writes its intents and outcomes to. */
import * as E from 'fp-ts/lib/Either.js'
import type { JournalEntry, JournalError } from '../../model/journal.js'

/** Where it is written down what is about to be done, and what came of it. */
export type Journal = Readonly<{
  runId: string
  /**
   * Resolves when the entry would outlast a crash of the machine. A Left is final: this entry and every later one is
   * not on disk, so that no new act may be begun.
   */
  append: (entry: JournalEntry) => Promise<E.Either<JournalError, void>>
  /** Waits for what is being written. */
  close: () => Promise<void>
}>

/** For a caller that keeps none. */
export const noJournal: Journal = {
  runId: '',
  append: () => Promise.resolve(E.right(undefined)),
  close: () => Promise.resolve(),
}
