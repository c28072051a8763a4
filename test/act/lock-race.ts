/** Controllers that race for the lock of one host, as often as wanted. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { LockTaking } from '../../lib/model/lock.js'
import { bootId } from '../observe/processes.js'
import { freshNonce, inHome, lockIn, login, passing, placeIn, runOf, take, takingText } from './locks.js'

/** How many rounds, and with which luck; a failure names the seed. */
export const racesWanted = (rounds: number) => ({
  rounds: Number(process.env['STEWARD_RUNS'] ?? rounds),
  seed: Number(process.env['STEWARD_SEED'] ?? Date.now() % 1_000_000),
})

type Races = Readonly<{ argv: readonly string[]; controllers: number; rounds: number; seed: number }>

/** In every round exactly one gets the lock, and all others are told that it is his: on whatever was there before. */
export const raceForLock = ({ argv, controllers, rounds, seed }: Races): Promise<void> =>
  inHome(async home => {
    const luck = luckOf(seed)
    await take(login(argv, home), 'makes the folders')
    for (let round = 0; round < rounds; round += 1) {
      const before = befores[Math.floor(luck() * befores.length)] ?? 'nothing'
      leave(home, before)
      const runs = Array.from({ length: controllers }, (_, i) => `${round}-${i}`)
      const takings = await Promise.all(
        runs.map(async run => {
          await delay(luck() * 4)
          return (await take(login(argv, home), run)).taking
        }),
      )
      const what = `seed ${seed}, round ${round}, after ${before}: ${JSON.stringify(takings)}`
      const winners = runs.filter((_, i) => hasIt(takings[i]))
      assert.is(winners.length, 1, what)
      const wanted = takings.map(taking =>
        hasIt(taking) ? (before === 'a dead lock' ? 'TakenOver' : 'Taken') : 'Held',
      )
      assert.equal(
        takings.map(({ _tag }) => _tag),
        wanted,
        what,
      )
      for (const taking of takings) if (taking._tag === 'Held') assert.is(runOf(taking.by), winners[0], what)
      assert.match(readFileSync(lockIn(home), 'utf8'), `run ${winners[0]}\n`)
    }
  })

const befores = ['nothing', 'a dead lock', 'a dead turn'] as const

/** This process has not started at tick 1. */
const leave = (home: string, before: (typeof befores)[number]): void => {
  rmSync(lockIn(home), { force: true })
  if (before === 'a dead turn') writeFileSync(`${placeIn(home)}/turn.${process.pid}.1.f00`, '')
  if (before !== 'a dead lock') return
  const lines = ['run dead', 'who it was', 'since 1', 'renewed 1', `boot ${bootId()}`, 'space -']
  writeFileSync(lockIn(home), [...lines, `witness connection ${process.pid} 1`, 'end', ''].join('\n'), { mode: 0o600 })
}

/**
 * In every round one of three is killed at some moment of its taking: its shell alone, or all of it. Never two have the
 * lock, and whoever comes afterwards gets it from the dead.
 */
export const killWhileTaking = ({ argv, rounds, seed }: Omit<Races, 'controllers'>): Promise<void> =>
  inHome(async home => {
    const luck = luckOf(seed)
    const living = login(argv, home)
    const gone: Promise<unknown>[] = []
    for (let round = 0; round < rounds; round += 1) {
      rmSync(lockIn(home), { force: true })
      const [isAlone, afterMs] = [luck() < 0.5, luck() * 40]
      const others = ['one', 'two'].map(async name => {
        await delay(luck() * 40)
        return { name, taking: (await take(living, name)).taking }
      })
      gone.push((await takeAndBeKilled(argv, home, isAlone, afterMs)).gone)
      const takings = await Promise.all(others)
      const last = await take(passing(argv, home), 'last')
      const what = `seed ${seed}, round ${round}: ${JSON.stringify([...takings, last])}`
      const winners = takings.filter(({ taking }) => hasIt(taking))
      assert.ok(winners.length <= 1, what)
      if (winners.length === 0) assert.ok(hasIt(last.taking), what)
      else assert.is(last.taking._tag === 'Held' ? runOf(last.taking.by) : last.taking._tag, winners[0]?.name, what)
    }
    await Promise.all(gone)
  })

/** Under a connection that is killed as well, or ends by itself; `gone` when nothing that was started is left. */
const takeAndBeKilled = async (
  argv: readonly string[],
  home: string,
  isAlone: boolean,
  afterMs: number,
): Promise<Readonly<{ gone: Promise<unknown> }>> => {
  const [file = '', ...args] = ['/bin/sh', '-c', '"$@"; exit $?', 'connection', ...argv]
  const env = { PATH: process.env['PATH'] ?? '', HOME: home }
  const shell = spawn(file, args, { env, detached: true, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
  const ended = once(shell, 'exit')
  // Whatever it starts has the fourth open too.
  const gone = once(shell, 'close')
  shell.stdin?.on('error', () => {})
  shell.stdin?.end(takingText(freshNonce(), 'killed', 'sleep 0.01'))
  await delay(afterMs)
  kill(isAlone ? childOf(shell.pid) : -(shell.pid ?? 0))
  await ended
  return { gone }
}

const childOf = (pid: number | undefined): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])
  } catch {
    return 0
  }
}

const kill = (pid: number): void => {
  try {
    if (pid !== 0 && pid !== 1 && pid !== -1) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

const hasIt = (taking: LockTaking | undefined): boolean => taking?._tag === 'Taken' || taking?._tag === 'TakenOver'

/** mulberry32: the same luck for the same seed. */
const luckOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
