/** The command line as somebody at a terminal calls it: a pseudo terminal of script(1), and answers to what it asks. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { shellWord } from '../../lib/model/shell.js'
import { endWithUs } from './children.js'
import { projectFolder, stewardMain } from './steward.js'

export const withoutScript = existsSync('/usr/bin/script') ? undefined : 'needs script(1)'

/** What is shown on the terminal, and how it ended. */
export type Shown = Readonly<{ code: number | null; screen: string }>

/** `ahead` is typed before the program begins. */
type Options = Readonly<{ enter?: readonly string[]; env: Readonly<Record<string, string>>; ahead?: string }>

/** Waits for a line, and leaves to the program what comes behind it. */
const onceTyped = ['sh', '-c', 'read -r _; exec "$@"', 'sh']

/** Each question is waited for and then answered, in their order; a question that does not come ends the test by its timer. */
export const atTerminal = (
  args: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
  { enter = [], env, ahead }: Options,
): Promise<Shown> =>
  new Promise((resolve, reject) => {
    const start = ahead === undefined ? enter : [...enter, ...onceTyped]
    const command = [...start, process.execPath, stewardMain, ...args].map(shellWord).join(' ')
    const { CI: _, SSH_AUTH_SOCK: __, ...ours } = process.env
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: projectFolder,
      env: { ...ours, SHELL: '/bin/sh', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    endWithUs(child)
    if (ahead !== undefined) child.stdin.write(`\r${ahead}`)
    const left = [...answers]
    let screen = ''
    let answered = 0
    child.stdout.setEncoding('utf8').on('data', text => {
      screen += text
      const [next] = left
      const at = next === undefined ? -1 : screen.indexOf(next[0], answered)
      if (next === undefined || at < 0) return
      left.shift()
      answered = at + next[0].length
      child.stdin.write(`${next[1]}\r`)
    })
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', code => resolve({ code, screen }))
  })
