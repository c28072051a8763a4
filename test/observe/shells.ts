/** Ways to run a script on this machine: the local transport, and other shells, environments and logins. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { HostName } from '../../lib/model/names.js'
import { followScript } from '../../lib/remote/follow-script.js'
import { localTransport } from '../../lib/remote/local.js'
import type { Script, ScriptOutput } from '../../lib/remote/transport.js'
import { rightOf } from './either.js'

export type Run = (script: Script) => Promise<ScriptOutput>

export const here: Run = async script => {
  const connection = rightOf(await localTransport.connect('here' as HostName, { _tag: 'Local' })())
  return rightOf(await connection.run(script)())
}

export type Setting = Readonly<{ env?: Readonly<Record<string, string>>; uid?: number }>

/** `env` is all of its environment. */
export const shellOf =
  (argv: readonly string[], { env, uid }: Setting = {}): Run =>
  async script => {
    const [file = '/bin/sh', ...args] = argv
    const login = uid === undefined ? {} : { uid, gid: uid }
    const shell = spawn(file, args, {
      cwd: '/',
      env: env ?? process.env,
      argv0: argv0Of(file),
      stdio: 'pipe',
      ...login,
    })
    const following = followScript(script, shell.stdin, () => shell.kill('SIGKILL'))
    shell.on('error', error => following.lose(error.message))
    shell.on('spawn', following.send)
    // A shell that gives up on a cut script is judged by what it printed.
    shell.stdin.on('error', () => {})
    shell.stdout.on('data', following.onStdout)
    shell.stderr.on('data', following.onStderr)
    shell.on('close', following.ended)
    return rightOf(await following.answer)
  }

/** bash called by its own name knows more than a POSIX shell. */
const argv0Of = (file: string): string => (file.endsWith('/bash') ? 'sh' : file)

export const scriptOf = (text: string, dialogue?: NonNullable<Script['dialogue']>): Script => ({
  text,
  deadlineMs: 20_000,
  maxBytes: 8_000_000,
  ...(dialogue === undefined ? {} : { dialogue }),
})

/** Shells that are `/bin/sh` somewhere; one that is not here says so. */
export const shellsHere = () =>
  (
    [
      ['bash', []],
      ['dash', []],
      ['busybox', ['sh']],
    ] as const
  ).map(([name, args]) => {
    const file = whereIs(name)
    const skip = file === undefined ? { skip: `there is no ${name} here` } : {}
    return { name, argv: [file ?? name, ...args], options: skip }
  })

const whereIs = (command: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(':')
    .map(folder => `${folder}/${command}`)
    .find(file => existsSync(file))
