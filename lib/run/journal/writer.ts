/** Appends to one journal: many at once share one write and one sync, and after the first failure there are no more. */
import * as E from 'fp-ts/lib/Either.js'
import type { JournalEntry, JournalError, JournalRecord } from '../../model/journal.js'
import { type DiskFile, reasonOf } from './disk.js'
import type { Journal } from './journal.js'
import { encodeRecord, firstLink } from './record.js'

type Written = E.Either<JournalError, void>

/** Lines that are written and synced together. */
class Batch {
  readonly lines: string[] = []
  readonly written: Promise<Written>
  settle: (result: Written) => void = () => {}

  constructor() {
    this.written = new Promise(settle => {
      this.settle = settle
    })
  }
}

export class JournalWriter implements Journal {
  readonly runId: string
  readonly #path: string
  readonly #file: DiskFile
  readonly #now: () => number
  readonly #hide: (record: JournalRecord) => JournalRecord
  #link = firstLink
  /** The bytes that are known to last. */
  #length = 0
  #waiting: Batch | null = null
  #committing: Promise<void> | null = null
  #failure: JournalError | null = null

  constructor(
    runId: string,
    path: string,
    file: DiskFile,
    now: () => number,
    hide: (record: JournalRecord) => JournalRecord,
  ) {
    this.runId = runId
    this.#path = path
    this.#file = file
    this.#now = now
    this.#hide = hide
  }

  append(entry: JournalEntry): Promise<E.Either<JournalError, void>> {
    if (this.#failure !== null) return Promise.resolve(E.left(this.#failure))
    const record = this.#hide({ ...entry, atMs: this.#now() })
    const { line, link } = encodeRecord(record, this.#link)
    this.#link = link
    this.#waiting ??= new Batch()
    const { lines, written } = this.#waiting
    lines.push(line)
    this.#committing ??= this.#commitAll()
    return written
  }

  async close(): Promise<void> {
    await this.#committing
    this.#failure ??= this.#notWritten('it is closed')
    await this.#file.close().catch(() => {})
  }

  async #commitAll(): Promise<void> {
    for (let batch = this.#take(); batch !== null; batch = this.#take()) {
      const failure = await this.#commit(Buffer.from(batch.lines.join('')))
      if (failure === null) batch.settle(E.right(undefined))
      else {
        this.#failure = failure
        batch.settle(E.left(failure))
        // Those that came meanwhile would follow lines that are not there.
        this.#take()?.settle(E.left(failure))
      }
    }
    this.#committing = null
  }

  #take(): Batch | null {
    const batch = this.#waiting
    this.#waiting = null
    return batch
  }

  async #commit(bytes: Buffer): Promise<JournalError | null> {
    try {
      await this.#writeAll(bytes)
      await this.#file.sync()
      this.#length += bytes.length
      return null
    } catch (error) {
      await this.#takeBack()
      return this.#notWritten(reasonOf(error))
    }
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const taken = await this.#file.write(bytes.subarray(done))
      if (taken === 0) throw new Error('it takes no more')
      done += taken
    }
  }

  /** Nothing that was refused is left looking done; where even that fails, the checksums tell. */
  async #takeBack(): Promise<void> {
    try {
      await this.#file.truncate(this.#length)
      await this.#file.sync()
    } catch {}
  }

  #notWritten(why: string): JournalError {
    return { _tag: 'NotWritten', path: this.#path, why }
  }
}
