/** Puts new content into a file: all of it or nothing, and for the same people to read. */
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'

/** A new file is for its owner alone; `mode` is that of any. The Left says why it could not be. */
export const replaceFile = (path: string, content: string | Buffer, mode?: number): E.Either<string, void> => {
  let fresh: string | null = null
  try {
    const { known, target } = find(path)
    fresh = freshFor(target)
    const file = openSync(fresh, 'wx', 0o600)
    try {
      writeFileSync(file, content)
      if (known !== undefined) fchmodSync(file, mode ?? known.mode & 0o777)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(fresh, target)
    return E.right(undefined)
  } catch (error) {
    if (fresh !== null) rmSync(fresh, { force: true })
    return E.left(whyNot(error))
  }
}

/** Why that could not be done, tried without touching the file; null: it can. */
export const whyNotReplaced = (path: string): string | null => {
  try {
    const { target } = find(path)
    closeSync(openSync(freshFor(target), 'wx', 0o600))
    rmSync(freshFor(target))
    return null
  } catch (error) {
    return whyNot(error)
  }
}

/** A device or a pipe is nothing to replace: a file in its place would be in everybody's way. */
const find = (path: string) => {
  const known = statSync(path, { throwIfNoEntry: false })
  if (known?.isFile() === false) throw new Error('it is no file to replace')
  return { known, target: known === undefined ? path : realpathSync(path) }
}

const freshFor = (target: string): string => `${target}.${process.pid}.new`

/** Without its path: that would be the new file's, which nobody has named. */
const whyNot = (error: unknown): string => {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such folder'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EROFS':
      return 'it is on a read-only file system'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'there is no room'
    default:
      return error instanceof Error ? error.message.replace(/^(\w+: .*), .*$/, '$1') : String(error)
  }
}
