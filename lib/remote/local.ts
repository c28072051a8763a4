/** The transport to this machine itself: a shell of our own, without SSH. */
import { type ChildProcess, spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Answer, followScript } from './follow-script.js'
import { plainly } from './plain-shell.js'
import { whyNotStarted } from './start-process.js'
import type { Connection, Script, Transport } from './transport.js'

export const localTransport: Transport = { connect: () => TE.fromIO(openHere) }

const openHere = (): Connection => {
  const running = new Set<(why: string) => void>()
  let closed = false
  return {
    run: script => async () => {
      if (closed) return TE.left({ _tag: 'Unreachable', why: 'the connection was closed' } as const)()
      const { answer, lose } = runHere(plainly(script))
      running.add(lose)
      return answer.finally(() => running.delete(lose))
    },
    close: async () => {
      closed = true
      for (const lose of running) lose('the connection was closed')
    },
  }
}

/**
 * The shell is the leader of a session of its own, as under sshd: a Ctrl-C at our terminal does not end it half-way. Only
 * the shell is ended when it is given up; whatever it started is not ours to judge here.
 */
const runHere = (script: Script): Readonly<{ answer: Promise<Answer>; lose: (why: string) => void }> => {
  const shell: ChildProcess = spawn('/bin/sh', { cwd: '/', detached: true, stdio: 'pipe' })
  const input = new PassThrough()
  const following = followScript(script, input, () => {
    shell.kill('SIGKILL')
    // A grandchild may hold the other ends for ever.
    shell.stdout?.destroy()
    shell.stderr?.destroy()
    shell.unref()
  })
  shell.on('error', error => following.lose(whyNotStarted('/bin/sh', error)))
  shell.on('spawn', () => {
    if (shell.stdin === null) return
    // A shell that ends before it has read everything (EPIPE) is judged by its end.
    shell.stdin.on('error', () => {})
    input.pipe(shell.stdin)
    following.send()
  })
  shell.stdout?.on('data', following.onStdout)
  shell.stderr?.on('data', following.onStderr)
  shell.on('close', code => following.ended(code))
  return following
}
