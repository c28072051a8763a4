/** Reads the journals of past runs, and of those under way. */
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { JournalError, PastRun } from '../../model/journal.js'
import { livenessOf } from './controller.js'
import { reasonOf } from './disk.js'
import { checkRunsFolder, type JournalPlace, runsFolder } from './folder.js'
import { readRecords } from './record.js'
import { journalSuffix } from './store.js'

/** The newest runs first, `most` of them and all since one; a Left among them is one whose file cannot be read. */
export const listRuns = async (
  place: JournalPlace,
  most: number,
  since: string | null = null,
): Promise<E.Either<JournalError, readonly E.Either<JournalError, PastRun>[]>> => {
  const ids = await runIds(place)
  if (E.isLeft(ids)) return ids
  const runs: E.Either<JournalError, PastRun>[] = []
  for (const runId of ids.right.filter((id, i) => i < most || (since !== null && id >= since)))
    runs.push(await readFileOf(place, runId))
  return E.right(runs)
}

/** `wanted` is an id, the beginning of just one, or `last`. */
export const readRun = async (place: JournalPlace, wanted: string): Promise<E.Either<JournalError, PastRun>> => {
  const ids = await runIds(place)
  if (E.isLeft(ids)) return ids
  const [newest] = ids.right
  const exact = ids.right.filter(id => id === wanted)
  const fitting = exact.length > 0 || wanted === '' ? exact : ids.right.filter(id => id.startsWith(wanted))
  const found = wanted === 'last' && newest !== undefined ? [newest] : fitting
  const [one, ...others] = found
  if (one === undefined) return E.left({ _tag: 'NoSuchRun', wanted, folder: runsFolder(place) })
  return others.length === 0 ? readFileOf(place, one) : E.left({ _tag: 'SeveralRuns', wanted, runs: found })
}

/** The newest first. */
export const runIds = async (place: JournalPlace): Promise<E.Either<JournalError, readonly string[]>> => {
  const folder = runsFolder(place)
  try {
    const names = await readdir(folder)
    const safe = await checkRunsFolder(place)
    const ids = names.filter(name => name.endsWith(journalSuffix)).map(name => name.slice(0, -journalSuffix.length))
    return E.isLeft(safe) ? safe : E.right(ids.sort().reverse())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return E.right([])
    return E.left({ _tag: 'NotRead', path: folder, why: reasonOf(error) })
  }
}

const readFileOf = async (place: JournalPlace, runId: string): Promise<E.Either<JournalError, PastRun>> => {
  const path = join(runsFolder(place), runId + journalSuffix)
  const text = await ownText(path, place.uid)
  if (E.isLeft(text)) return E.left({ _tag: 'NotRead', path, why: text.left })
  const read = readRecords(text.right)
  const [first] = read.records
  // An empty file is of a run that had not begun; whose first line cannot be read may still be running.
  const unopened = first === undefined && read.tail._tag === 'Whole' ? 'gone' : 'unknown'
  // The program that ran it may live on for long.
  const isClosed = read.records.at(-1)?._tag === 'RunClosed'
  const liveness = isClosed ? 'gone' : first?._tag === 'RunOpened' ? await livenessOf(first.controller) : unopened
  return E.right({ runId, liveness, ...read })
}

/** Larger than any run of 10,000 hosts; more does not fit a string. */
const maxBytes = 256 * 1024 * 1024

const ownText = async (path: string, uid: number | null): Promise<E.Either<string, string>> => {
  try {
    // A pipe put there would keep an open for reading waiting.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile()) return E.left('it is no file')
      if (uid !== null && found.uid !== uid) return E.left(`it belongs to another user (uid ${found.uid})`)
      if (found.size > maxBytes) return E.left(`it is larger than the ${maxBytes / 1024 / 1024} MiB that are read`)
      return E.right(await file.readFile('latin1'))
    } finally {
      await file.close()
    }
  } catch (error) {
    return E.left(reasonOf(error))
  }
}
