/** The command line as a user calls it: a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './children.js'

export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))
/** Journals and locks go into a home of the tests' own, gone with this process. */
const home = mkdtempSync(join(tmpdir(), 'steward-home-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

export const stewardMain = `${projectFolder}dist/lib/cli/steward.cjs`

export type Said = Readonly<{ code: number | null; stdout: string; stderr: string }>
type Options = Readonly<{ enter?: readonly string[]; env?: Readonly<Record<string, string>>; cwd?: string }>

/** One that is at work. `said` resolves when it has ended and nobody writes to its output any more. */
export type Controller = Readonly<{
  kill: (signal: NodeJS.Signals) => void
  /** Resolves when its output so far holds this; rejects when it ends before. */
  shown: (pattern: RegExp) => Promise<void>
  said: Promise<Said>
}>

/** `enter` is put before the command, as to run it in a lab's network. */
export const stewardCommand = (
  args: readonly string[],
  { enter = [], env = {}, cwd = projectFolder }: Options = {},
) => ({
  argv: [...enter, process.execPath, stewardMain, ...args],
  cwd,
  env: { ...process.env, HOME: home, XDG_STATE_HOME: `${home}/state`, ...env },
})

export const startSteward = (args: readonly string[], options: Options = {}): Controller => {
  const { argv, cwd, env } = stewardCommand(args, options)
  const [command = '', ...rest] = argv
  const child = spawn(command, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  endWithUs(child)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const said = new Promise<Said>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
  const shown = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(stdout + stderr)) resolve()
      }
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look)
      child.on('close', () => reject(new Error(`it ended without ${pattern}: ${stdout}${stderr}`)))
      look()
    })
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal)
  return { kill, shown, said }
}

export const steward = (args: readonly string[], options: Options = {}): Promise<Said> =>
  startSteward(args, options).said

/** The line of the recap for a host, without its spaces. */
export const recapOf = ({ stdout }: Said, host: string): string | undefined =>
  stdout
    .split('\n')
    .findLast(line => line.startsWith(host) && line.includes('ok='))
    ?.replace(/\s+/g, ' ')

/** What was changed, as `service@host`. */
export const changedBy = ({ stdout }: Said): readonly string[] =>
  [...stdout.matchAll(/^changed: \[(\S+)\]/gm)].map(match => match[1] ?? '').sort()
