/** Runs a program of this machine to its end, without a shell: for what a user lets a command print. */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'

/** What it printed; the Left says how it failed and quotes nothing of it. Its stderr is the user's to see. */
export const printedBy = (path: string): E.Either<string, string> => {
  try {
    const output = execFileSync(resolve(path), [], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 })
    return E.right(output.toString('utf8'))
  } catch (error) {
    const { code, status } = error as NodeJS.ErrnoException & { status?: number | null }
    if (typeof status === 'number') return E.left(`it was run and ended with ${status}`)
    return E.left(`it cannot be run${code === undefined ? '' : ` (${code})`}`)
  }
}
