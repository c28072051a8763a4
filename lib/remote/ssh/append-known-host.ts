/** Writes one line more into a known_hosts file, however many programs want to at once. */
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { underFileLock } from '../file-lock.js'

const lockWaitMs = 10_000

/**
 * Right(true): it was written. `isStillWanted` is asked under the lock. The folder and the file are made as ssh makes
 * them, for their user alone. The Left says why nothing was written.
 */
export const appendKnownHost = async (
  file: string,
  line: string,
  isStillWanted: () => Promise<boolean>,
): Promise<E.Either<string, boolean>> => {
  try {
    await makeFolder(dirname(file))
    return await underFileLock(`${file}.steward-lock`, lockWaitMs, async () => {
      const wanted = await isStillWanted()
      if (wanted) await append(file, line)
      return wanted
    })
  } catch (error) {
    return E.left(error instanceof Error ? error.message : String(error))
  }
}

const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** One write, at the end of the file wherever that is by then: ssh appends to it too, and knows no lock of ours. */
const append = async (path: string, line: string): Promise<void> => {
  const file = await open(path, 'a+', 0o600)
  try {
    const { size } = await file.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    const text = size > 0 && last.toString() !== '\n' ? `\n${line}\n` : `${line}\n`
    await file.appendFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
