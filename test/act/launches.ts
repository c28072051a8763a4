/** Launches commands by the real script. */
import { type LaunchResult, launchScript, readLaunches } from '../../lib/act/launch.js'
import { goAhead, question } from '../../lib/model/frame.js'
import type { Script } from '../../lib/remote/transport.js'
import { rightOf } from '../observe/either.js'
import { here, type Run, scriptOf } from '../observe/shells.js'

export const launch = async (
  commands: readonly string[],
  run: Run = here,
  look?: string,
): Promise<readonly LaunchResult[]> => {
  const { script, read } = launching(commands, undefined, look)
  return rightOf(read((await run(script)).stdout))
}

/** The script, which is told to go on unless a test says otherwise, and the reader of its answer. */
export const launching = (
  commands: readonly string[],
  answer = (yes: string) => `${yes}\n`,
  look = 'steward_look() { echo looked; }',
  deadlineMs = 60_000,
) => {
  const nonce = crypto.randomUUID().replaceAll('-', '')
  const launches = commands.map(command => ({ what: command, command }))
  const text = launchScript(nonce, look, launches, deadlineMs)
  const script: Script = scriptOf(text, { question: question(nonce), answer: () => answer(goAhead(nonce)) })
  return { script, read: (stdout: string) => readLaunches(nonce, launches, stdout) }
}
