/** Runs an inventory that is a program, before there is anything else to do: it is waited for. */
import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'

type Limits = Readonly<{ timeoutMs: number; maxBytes: number }>
type Fault = Readonly<{ _tag: 'NotStarted' | 'Failed'; reason: string }>

const usual: Limits = { timeoutMs: 60_000, maxBytes: 64 * 1024 * 1024 }

/** What it prints. Whatever it started is ended with it when it is given up; its complaints are shown by no one. */
export const runInventoryProgram =
  ({ timeoutMs, maxBytes }: Limits = usual) =>
  (path: string, argv: readonly string[]): E.Either<Fault, string> => {
    const command = path.includes('/') ? path : `./${path}`
    // In a group of its own, so that it can be ended with all it has started. Node's types do not know that it may be.
    const options = { detached: true, timeout: timeoutMs, maxBuffer: maxBytes, killSignal: 'SIGKILL' } as const
    const ended = spawnSync(command, argv, { ...options, stdio: ['ignore', 'pipe', 'pipe'] } as typeof options)
    const { error, pid, status, signal, stdout } = ended
    const code = (error as NodeJS.ErrnoException | undefined)?.code
    if (code === 'ENOEXEC' || code === 'EACCES' || code === 'ENOENT') return E.left(fault('NotStarted', String(code)))
    if (error !== undefined || signal !== null) endGroup(pid)
    if (code === 'ETIMEDOUT') return E.left(fault('Failed', `it gave no answer within ${timeoutMs / 1000} s`))
    if (code === 'ENOBUFS') return E.left(fault('Failed', `it printed more than ${maxBytes / 1024 / 1024} MiB`))
    if (error !== undefined) return E.left(fault('Failed', error.message))
    if (signal !== null) return E.left(fault('Failed', `it was ended by ${signal}`))
    if (status !== 0) return E.left(fault('Failed', `it ended with ${status}`))
    try {
      return E.right(new TextDecoder('utf-8', { fatal: true }).decode(stdout as unknown as Uint8Array))
    } catch {
      return E.left(fault('Failed', 'what it printed is not UTF-8 text'))
    }
  }

const fault = (tag: Fault['_tag'], reason: string): Fault => ({ _tag: tag, reason })

const endGroup = (pid: number): void => {
  try {
    if (pid > 0) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has gone already.
  }
}
