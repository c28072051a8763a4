/** Starts a program with pipes to it, or says why it could not be. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'

/**
 * In a session of its own: a Ctrl-C at our terminal is not meant for it. Where no file descriptor is left, Node hands out
 * a child without its pipes, which tells of it only later.
 */
export const startProcess = (
  command: string,
  argv: readonly string[],
): E.Either<string, ChildProcessWithoutNullStreams> => {
  const child = spawn(command, argv, { detached: true, stdio: 'pipe' })
  if ((child.stdin as typeof child.stdin | undefined) !== undefined) return E.right(child)
  child.on('error', () => {})
  return E.left(`${command} could not be started here: no file descriptor is left (ulimit -n)`)
}

export const noProcessLeft = (command: string): string =>
  `${command} could not be started here: no process is left (ulimit -u)`

/** Why a child ended without having been one. */
export const whyNotStarted = (command: string, { code, message }: NodeJS.ErrnoException): string =>
  code === 'EAGAIN' ? noProcessLeft(command) : `${command} could not be started here: ${message}`
