/** The process that keeps a lab alive, guard.sh, as its starter sees it. */
import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { labSources } from './paths.js'

export type Guard = Readonly<{
  /** The next line it prints; throws when it has ended, when the time is up, or when the line tells of a failure. */
  line: (deadline: number) => Promise<string>
  say: (word: 'go' | 'keep') => Promise<void>
  /** From here on this process may end without waiting for the guard. */
  unref: () => void
  /** Lets go of it, as our death would: unless it was told `keep`, the lab and its folder are gone once this resolves. */
  release: () => Promise<void>
  /** What it and its scripts said on standard error so far. */
  complaints: () => string
}>

export const startGuard = (): Guard => {
  // A session of its own: a Ctrl-C at the terminal is for the starter to deal with.
  const child = spawn('sh', [`${labSources}/scripts/guard.sh`, tmpdir()], {
    detached: true,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  let complaints = ''
  child.on('error', error => (complaints += error.message))
  child.stderr.on('data', chunk => (complaints += chunk))
  child.stdin.on('error', () => {}) // it may have died

  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    line: async deadline => {
      const next = await before(deadline, lines.next())
      if (next === 'late') throw new Error('the lab was not up in time')
      if (next.done) throw new Error('the lab did not start')
      if (next.value.endsWith(' failed')) throw new Error(`the lab host ${next.value}`)
      return next.value
    },
    say: word => new Promise(resolve => child.stdin.write(`${word}\n`, () => resolve())),
    unref: () => {
      child.unref()
      for (const pipe of [child.stdin, child.stdout, child.stderr] as Socket[]) pipe.unref()
    },
    release: async () => {
      child.stdin.end()
      if ((await before(Date.now() + 5_000, ended)) === 'late') child.kill('SIGKILL')
      await ended
    },
    complaints: () => complaints.trim(),
  }
}

const before = async <A>(deadline: number, promise: Promise<A>): Promise<A | 'late'> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), deadline - Date.now())
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
