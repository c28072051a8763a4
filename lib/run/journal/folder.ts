/** Where journals are kept: a folder that only this user can have put there, and only this user can change. */
import { lstat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { JournalError } from '../../model/journal.js'
import { type Disk, reasonOf } from './disk.js'

/** `uid` is who must own it; null where the system knows no uid. */
export type JournalPlace = Readonly<{ stateHome: string; uid: number | null }>

/** XDG Base Directory Specification 0.8: a path that is not absolute is to be ignored. */
export const journalPlace = (
  xdgStateHome: string | undefined,
  home: string,
  uid: number | null | undefined,
): JournalPlace => ({
  stateHome: xdgStateHome !== undefined && isAbsolute(xdgStateHome) ? xdgStateHome : join(home, '.local', 'state'),
  uid: uid ?? null,
})

export const runsFolder = ({ stateHome }: JournalPlace): string => join(stateHome, 'steward', 'runs')

/** Makes what is missing of it, for good, with mode 0700. */
export const makeRunsFolder = async (place: JournalPlace, disk: Disk): Promise<E.Either<JournalError, string>> => {
  const folder = runsFolder(place)
  for (const path of [dirname(folder), folder]) {
    try {
      await makeFolders(path, disk)
    } catch (error) {
      return E.left({ _tag: 'NotWritten', path: folder, why: reasonOf(error) })
    }
    // Each before anything is made in it.
    const why = await whyUnsafe(path, place.uid)
    if (why !== null) return E.left({ _tag: 'UnsafeFolder', path, why })
  }
  return E.right(folder)
}

const makeFolders = async (path: string, disk: Disk): Promise<void> => {
  try {
    await disk.makeFolder(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT') throw error
    await makeFolders(dirname(path), disk)
    return makeFolders(path, disk)
  }
  await disk.syncFolder(dirname(path))
}

/** Its path, if what is in it can be trusted. */
export const checkRunsFolder = async (place: JournalPlace): Promise<E.Either<JournalError, string>> => {
  const folder = runsFolder(place)
  for (const path of [dirname(folder), folder]) {
    const why = await whyUnsafe(path, place.uid)
    if (why !== null) return E.left({ _tag: 'UnsafeFolder', path, why })
  }
  return E.right(folder)
}

const whyUnsafe = async (path: string, uid: number | null): Promise<string | null> => {
  try {
    const found = await lstat(path)
    if (found.isSymbolicLink()) return 'it is a symbolic link'
    if (!found.isDirectory()) return 'it is no folder'
    if (uid !== null && found.uid !== uid) return `it belongs to another user (uid ${found.uid})`
    if ((found.mode & 0o022) !== 0) return 'others may write to it'
    return null
  } catch (error) {
    return reasonOf(error)
  }
}
