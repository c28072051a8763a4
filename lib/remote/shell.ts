/** A transport over any program that gives a shell on a host: this machine's own, or one in a container or a guest. */
import { type ChildProcess, spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { RemoteError } from '../model/remote-error.js'
import { type Answer, followScript } from './follow-script.js'
import { plainly } from './plain-shell.js'
import { whyNotStarted } from './start-process.js'
import type { Connection, Script, Transport } from './transport.js'

/** A program of this machine and its arguments; no shell reads them. */
export type ShellCommand = readonly [program: string, ...argv: string[]]

/**
 * `commandFor` names the program that is started for each script, with pipes: it has to be, or lead to, a POSIX
 * `/bin/sh` on that host which reads its commands from stdin, as `docker exec -i NAME /bin/sh` does. A program that
 * cannot be started is a host that is out of reach; one that ends early says nothing of what it was sent.
 */
export const shellTransport = (commandFor: (host: HostName, route: Route) => ShellCommand): Transport => ({
  connect: (host, route) =>
    TE.tryCatch(
      async () => open(commandFor(host, route)),
      (error): RemoteError => ({ _tag: 'Unreachable', why: String(error) }),
    ),
})

const open = (command: ShellCommand): Connection => {
  const running = new Set<(why: string) => void>()
  let closed = false
  return {
    run: script => async () => {
      if (closed) return TE.left({ _tag: 'Unreachable', why: 'the connection was closed' } as const)()
      const { answer, lose } = runIn(command, plainly(script))
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
const runIn = (
  [program, ...argv]: ShellCommand,
  script: Script,
): Readonly<{ answer: Promise<Answer>; lose: (why: string) => void }> => {
  const shell: ChildProcess = spawn(program, argv, { cwd: '/', detached: true, stdio: 'pipe' })
  const input = new PassThrough()
  const following = followScript(script, input, () => {
    shell.kill('SIGKILL')
    // A grandchild may hold the other ends for ever.
    shell.stdout?.destroy()
    shell.stderr?.destroy()
    shell.unref()
  })
  shell.on('error', error => following.lose(whyNotStarted(program, error)))
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
