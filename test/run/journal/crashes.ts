/** Processes that are killed while they keep a journal, and what must be so of every journal they leave. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRecords } from '../../../lib/run/journal/record.js'
import { appender } from './appender.js'
import { withFolder } from './builders.js'

type Crash = Readonly<{ confirmed: readonly string[]; killed: boolean }>

/** Kills that many appenders at moments drawn from the seed; throws, naming seed and run, at the first loss. */
export const crashAtRandom = async (runs: number, seed: number): Promise<void> => {
  const draw = drawFrom(seed)
  for (let run = 1; run <= runs; run++) {
    const afterMs = draw() * 60
    await withFolder(async folder => {
      const crash = await runAppender([folder], afterMs)
      const complaint = complaintAbout(folder, crash)
      if (complaint !== null) {
        throw new Error(`STEWARD_SEED=${seed}, run ${run}, killed ${afterMs} ms after opening: ${complaint}`)
      }
    })
  }
}

/** Dies before and half way through each operation on the disk, until there is none left to die at; tells how many. */
export const crashAtEveryBoundary = async (): Promise<number> => {
  for (let boundary = 1; ; boundary++) {
    for (const manner of ['before', 'half']) {
      const killed = await withFolder(async folder => {
        const crash = await runAppender([folder, String(boundary), manner])
        const complaint = complaintAbout(folder, crash)
        if (complaint !== null) throw new Error(`killed ${manner} operation ${boundary}: ${complaint}`)
        return crash.killed
      })
      if (!killed) return boundary - 1
    }
  }
}

const runAppender = (args: readonly string[], killAfterMs?: number): Promise<Crash> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [appender, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      said += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`the appender ended with ${code ?? signal}`))
      // A line without its end was not told whole.
      resolve({ confirmed: said.split('\n').slice(0, -1), killed: signal === 'SIGKILL' })
    })
  })

/** What was confirmed and is not there, or is there and should not be; null where all is well. */
const complaintAbout = (stateHome: string, { confirmed }: Crash): string | null => {
  const runs = join(stateHome, 'steward', 'runs')
  const [name] = existsSync(runs) ? readdirSync(runs) : []
  if (name === undefined) return confirmed.length === 0 ? null : 'there is no journal'
  const { records, tail } = readRecords(readFileSync(join(runs, name), 'latin1'))
  if (tail._tag === 'Damaged') return `damaged at line ${tail.line}: ${tail.reason}`
  const held = records.map(record => {
    if (record._tag === 'RunOpened') return `opened ${record.runId}`
    return record._tag === 'Concluded' ? record.words : 'closed'
  })
  const lost = confirmed.filter(one => !held.includes(one))
  if (lost.length > 0) return `lost ${lost.join(', ')}`
  const wanted = held.map((one, i) => (i === 0 || one === 'closed' ? one : String(i - 1)))
  return held.join() === wanted.join() ? null : `out of order: ${held.join(', ')}`
}

/** Numbers from 0 to 1 (mulberry32), the same ones for the same seed. */
const drawFrom = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
