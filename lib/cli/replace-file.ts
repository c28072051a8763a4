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
  const known = statSync(path, { throwIfNoEntry: false })
  const target = known === undefined ? path : realpathSync(path)
  const fresh = `${target}.${process.pid}.new`
  try {
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
    rmSync(fresh, { force: true })
    return E.left(error instanceof Error ? error.message : String(error))
  }
}
