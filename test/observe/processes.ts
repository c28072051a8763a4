/** Real processes to look at and to signal, and what the kernel says of them; each is ended by its pid in any case. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { HostText, Process } from '../../lib/model/observation.js'

/** `said` is the first line that it printed. */
export type Started = Readonly<{ pid: number; said: string }>

/** Resolves when the process has printed a line. */
export type Start = (argv: readonly string[]) => Promise<Started>

export const withProcesses = async (body: (start: Start) => Promise<void>): Promise<void> => {
  const started: ChildProcess[] = []
  const start: Start = async ([file = '', ...args]) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    started.push(child)
    const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => ['it ended'])])
    return { pid: child.pid ?? 0, said: String(line).trim() }
  }
  try {
    await body(start)
  } finally {
    for (const child of started) {
      const ended = child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
  }
}

/** Does nothing for ten minutes and shows these arguments after its own three. */
export const idle = (...args: readonly string[]): readonly string[] => ['perl', '-e', waiting, ...args]

export const waiting = '$| = 1; print "ready\n"; sleep 600'

/** What the kernel says (proc(5)); read otherwise than by the code under test. */
export const truthOf = (pid: number) => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return {
    pid,
    ppid: Number(/^PPid:\t(\d+)/m.exec(status)?.[1]),
    uid: Number(/^Uid:\t\d+\t(\d+)/m.exec(status)?.[1]),
    startTicks: Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19]),
    args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1) as HostText[],
  }
}

export const stateOf = (pid: number): string =>
  /^State:\t(.)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''

export const isRunning = (pid: number): boolean => {
  try {
    return stateOf(pid) !== 'Z'
  } catch {
    return false
  }
}

/** For as long as it takes: the test's own timer ends a wait in vain. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await delay(5)
}

export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** As a look would have seen it. */
export const asSeen = (truth: ReturnType<typeof truthOf>): Process => ({
  ...truth,
  contained: false,
  isKernel: false,
  state: 'S',
  ageSeconds: 1,
  startedAt: null,
  exe: null,
  cwd: null,
  argsFrom: 'cmdline',
})
