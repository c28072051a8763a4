/** Opens the journal of a new run: one file, named by when it began. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { JournalError, RunOptions } from '../../model/journal.js'
import type { Redaction } from '../../model/redact.js'
import { thisController } from './controller.js'
import { type Disk, nodeDisk, reasonOf } from './disk.js'
import { type JournalPlace, makeRunsFolder } from './folder.js'
import { hideSecrets } from './hide.js'
import type { Journal } from './journal.js'
import { JournalWriter } from './writer.js'

/** `secrets` are texts that must not reach the disk, wherever they turn up, and so are `redactions`. */
export type Opening = Readonly<{
  version: string
  pid: number
  resumes: string | null
  options: RunOptions
  secrets: readonly string[]
  redactions?: readonly Redaction[]
  now: () => number
}>

export const journalSuffix = '.journal'

/** With its first record on disk. Nothing may be done on a host before that. */
export const openJournal = async (
  place: JournalPlace,
  opening: Opening,
  disk: Disk = nodeDisk,
): Promise<E.Either<JournalError, Journal>> => {
  const folder = await makeRunsFolder(place, disk)
  if (E.isLeft(folder)) return folder
  const runId = runIdAt(opening.now(), randomBytes(3).toString('hex'))
  const path = join(folder.right, runId + journalSuffix)
  const file = await attempt(path, () => disk.createFile(path))
  if (E.isLeft(file)) return file
  const journal = new JournalWriter(runId, path, file.right, opening.now, record =>
    hideSecrets(record, opening.secrets, opening.redactions),
  )
  const first = await writeFirst(journal, opening)
  const begun = E.isLeft(first) ? first : await attempt(path, () => disk.syncFolder(folder.right))
  if (E.isRight(begun)) return E.right(journal)
  await journal.close()
  await attempt(path, () => disk.removeFile(path))
  return begun
}

const attempt = async <A>(path: string, act: () => Promise<A>): Promise<E.Either<JournalError, A>> => {
  try {
    return E.right(await act())
  } catch (error) {
    return E.left({ _tag: 'NotWritten', path, why: reasonOf(error) })
  }
}

const writeFirst = async (journal: Journal, opening: Opening): Promise<E.Either<JournalError, void>> => {
  const { version, pid, resumes, options } = opening
  const controller = await thisController(pid)
  return journal.append({ _tag: 'RunOpened', runId: journal.runId, version, controller, resumes, ...options })
}

/** `20261124T231500.482-3f9a2c`, in UTC: names in alphabetical order are runs in order of time. */
export const runIdAt = (atMs: number, random: string): string => {
  const [seconds, ms] = new Date(atMs).toISOString().replace('Z', '').replaceAll(/[-:]/g, '').split('.')
  return `${seconds}.${ms}-${random}`
}
