/** Processes that are nobody's business, on a lab host: they tell of every signal, and it is seen if one is gone. */
import * as assert from 'uvu/assert'
import { type Tools, until } from './stubs.js'

export type Canary = Readonly<{ pid: number; ticks: string; line: string }>

const logged = 'canary'

/** Starts one for each command line, as `perl` shows it: the words of the daemon's own, deaf to all signals. */
export const startCanaries = async (tools: Tools, lines: readonly string[]): Promise<readonly Canary[]> => {
  const born = tools.log(logged).length
  const commands = lines.map(line => `CANARY=1 setsid ${line} </dev/null >/dev/null 2>&1 & echo $!`)
  const pids = (await tools.sh(commands.join('\n'))).split('\n').filter(Boolean).map(Number)
  await until(() => tools.log(logged).length >= born + lines.length)
  return Promise.all(pids.map(async (pid, i) => ({ pid, ticks: await tools.sh(askTicks(pid)), line: lines[i] ?? '' })))
}

/** All of them are the processes that they were, and none got any signal. */
export const assertUnharmed = async (tools: Tools, canaries: readonly Canary[], what = ''): Promise<void> => {
  assert.equal(
    // Two may have drawn the same port; the one that found it taken lives on without.
    tools.log(logged).filter(line => !/ (born|no port)$/.test(line)),
    [],
    `a canary was signalled: ${what}`,
  )
  const ticks = (await tools.sh(canaries.map(({ pid }) => askTicks(pid)).join('\n'))).split('\n')
  for (const [i, { pid, line, ticks: was }] of canaries.entries()) assert.is(ticks[i], was, `${pid} ${line}: ${what}`)
}

/** Prints one line, whatever the process calls itself; an empty one where it is gone. */
export const askTicks = (pid: number): string =>
  `{ tr '\\n' ' ' </proc/${pid}/stat; echo; } 2>/dev/null | sed 's/.*) //' | cut -d ' ' -f 20`
