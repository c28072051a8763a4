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
    return E.left(messageOf(error))
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
    return messageOf(error)
  }
}

/** A device or a pipe is nothing to replace: a file in its place would be in everybody's way. */
const find = (path: string) => {
  const known = statSync(path, { throwIfNoEntry: false })
  if (known?.isFile() === false) throw new Error('it is no file to replace')
  return { known, target: known === undefined ? path : realpathSync(path) }
}

const freshFor = (target: string): string => `${target}.${process.pid}.new`

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
