/** Runs one script in one session of a master. */

import { readFile, rm } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { type Reason, toldReason } from '../../model/reason.js'
import { type Answer, followScript } from '../follow-script.js'
import type { Attempt } from '../script-runner.js'
import { startProcess, whyNotStarted } from '../start-process.js'
import type { Script } from '../transport.js'
import { sessionArguments } from './arguments.js'

/** How the ssh of a session ended, from its own log at DEBUG2. */
export type SessionEnd = 'not opened' | 'refused' | 'told' | 'not told'

export const readSessionEnd = (log: string): SessionEnd => {
  if (/session request failed: Session open refused by peer/.test(log)) return 'refused'
  if (!/master session id: /.test(log)) return 'not opened'
  return /Received exit status from master/.test(log) ? 'told' : 'not told'
}

type Surroundings = Readonly<{
  socket: string
  log: string
  name: string
  /** Of a session that ended without an exit code: whether a signal is known to have ended it. */
  wasKilled: () => Promise<boolean>
  whyLost: () => Promise<Reason>
}>

export const runInSession = (script: Script, { socket, log, name, wasKilled, whyLost }: Surroundings): Attempt => {
  // `exec`, because any shell may be the login's: this line is read the same by csh and fish.
  const started = startProcess('ssh', sessionArguments(socket, log, name, 'exec /bin/sh'))
  if (E.isLeft(started)) {
    const answer: Answer = E.left({ _tag: 'Unreachable', why: started.left })
    return { answer: Promise.resolve(answer), lose: () => {}, isOpen: () => false }
  }
  const child = started.right
  let isRefused = false
  const input = new PassThrough()
  const { answer, send, onStdout, onStderr, ended, lose, fail } = followScript(script, input, () => {
    child.kill()
    child.stdout.destroy()
    child.stderr.destroy()
  })
  child.on('error', error => lose(whyNotStarted('ssh', error)))
  // A shell that ends before it has read everything (EPIPE) is judged by its end.
  child.stdin.on('error', () => {})
  input.pipe(child.stdin)
  child.on('spawn', send)
  child.stdout.on('data', onStdout)
  child.stderr.on('data', onStderr)

  const judge = async (code: number | null): Promise<void> => {
    const written = await readFile(log, 'utf8').catch(() => '')
    const end = readSessionEnd(written)
    if (end === 'refused') isRefused = true
    if (end === 'refused' || end === 'not opened') return fail({ _tag: 'Unreachable', ...toldReason(await whyLost()) })
    // 255 is what ssh says of itself too.
    if (code !== null && (code !== 255 || end === 'told')) return ended(code)
    if (code !== null && (await wasKilled())) return ended(null)
    lose(await whyLost())
  }
  child.on('close', code => void judge(code).finally(() => rm(log, { force: true })))

  return {
    answer: answer.then((answer): Answer | 'no channel' => (isRefused ? 'no channel' : answer)),
    lose,
    isOpen: () => true,
  }
}
