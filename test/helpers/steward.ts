/** The command line as a user calls it: a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url))
/** Journals and locks go into a home of the tests' own, gone with this process. */
const home = mkdtempSync(join(tmpdir(), 'steward-home-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

const main = `${projectFolder}dist/lib/cli/main.js`

export type Said = Readonly<{ code: number | null; stdout: string; stderr: string }>
type Options = Readonly<{ enter?: readonly string[]; env?: Readonly<Record<string, string>>; cwd?: string }>

/** `enter` is put before the command, as to run it in a lab's network. */
export const steward = (args: readonly string[], { enter = [], env = {}, cwd = projectFolder }: Options = {}) =>
  new Promise<Said>((resolve, reject) => {
    const [command = '', ...rest] = [...enter, process.execPath, main, ...args]
    const child = spawn(command, rest, {
      cwd,
      env: { ...process.env, HOME: home, XDG_STATE_HOME: `${home}/state`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })

/** The line of the recap for a host, without its spaces. */
export const recapOf = ({ stdout }: Said, host: string): string | undefined =>
  stdout
    .split('\n')
    .findLast(line => line.startsWith(host) && line.includes('ok='))
    ?.replace(/\s+/g, ' ')

/** What was changed, as `service@host`. */
export const changedBy = ({ stdout }: Said): readonly string[] =>
  [...stdout.matchAll(/^changed: \[(\S+)\]/gm)].map(match => match[1] ?? '').sort()
