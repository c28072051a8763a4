/** Running one command to its end. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'

/** How a command ended; a death by signal counts as 128 + the signal's number, as shells have it. */
export type Ended = Readonly<{ code: number; stdout: string; stderr: string }>

export type RunOptions = Readonly<{ stdin?: string; env?: NodeJS.ProcessEnv }>

/** Resolves however the command ends, once its output is closed; rejects only if it cannot be run at all. */
export const run = async (argv: readonly string[], options: RunOptions = {}): Promise<Ended> => {
  const [command = '', ...args] = argv
  const child = spawn(command, args, { env: options.env })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
  child.stdin.on('error', () => {}) // a command need not read what it is given
  child.stdin.end(options.stdin ?? '')
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

/** What the command printed; throws with what it said when it fails. */
export const output = async (argv: readonly string[], options: RunOptions = {}): Promise<string> => {
  const { code, stdout, stderr } = await run(argv, options)
  if (code !== 0) throw new Error(`${argv.join(' ')}: exit ${code}: ${stderr.trim()}`)
  return stdout
}
