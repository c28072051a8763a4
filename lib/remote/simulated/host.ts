/** A host in memory: what is on it, what commands do to it, how long it takes and how it fails. */
import type { Clock } from '../../model/clock.js'
import type { RemoteError } from '../../model/remote-error.js'

export type ScriptKind = 'look' | 'launch' | 'signal' | 'hook' | 'logs'

export type SimulatedProcess = {
  pid: number
  ppid: number
  args: readonly string[]
  bornMs: number
  listens: readonly number[]
  opensMs: number
  state: string
}

/** All of it can be changed at any time. */
export type SimulatedHost = {
  readonly name: string
  readonly processes: Map<number, SimulatedProcess>
  readonly files: Map<string, string>
  readonly scripts: Set<string>
  /**
   * What a command does to the host and then exits with 0, which may be nothing; one that is not here does nothing and
   * ends with 127.
   */
  readonly commands: Map<string, (host: SimulatedHost) => void>
  /** What systemd takes units for, as in `active exited`, true or not; null where there is no systemd. */
  units: ReadonlyMap<string, string> | null
  /** What a check that is asked by a tool comes to, by its command or its URL. */
  check: (asked: string) => Readonly<{ code: number; body: string }>
  /** What TERM and KILL do besides ending a process: nothing, if true, for TERM. */
  ignoresTerm: boolean
  /** Every script it ran: `look`, or the commands that were launched and the signals that were sent. */
  readonly ran: string[]
  /** How long a connection takes. */
  connectMs: () => number
  /** How long each script takes. */
  scriptMs: (kind: ScriptKind) => number
  /** Nothing ever answers. */
  isBlackHole: boolean
  /** Set: every connection fails with it, and those that there are, are lost. */
  down: RemoteError | null
  /** So many looks are answered; with the next one the host crashes. */
  looksLeft: number
  /** Called for each script; a value is what comes of it instead of its answer. A launch is done all the same, nothing else. */
  fault: ((kind: ScriptKind) => RemoteError | null) | null
  /** What arrives of an answer: cut short, garbled, or somebody else's. */
  garble: ((kind: ScriptKind, stdout: string) => string) | null
  readonly clock: Clock
  /** A process that runs from now on; its pid. */
  spawn: (
    args: readonly string[],
    options?: { listens?: readonly number[]; opensAfterMs?: number; ppid?: number },
  ) => number
}

/** Empty, sound, and without any delay. */
export const simulatedHost = (name: string, clock: Clock): SimulatedHost => {
  let nextPid = 100
  const processes = new Map<number, SimulatedProcess>()
  return {
    name,
    processes,
    files: new Map(),
    scripts: new Set(),
    commands: new Map(),
    units: null,
    check: () => ({ code: 127, body: '' }),
    ignoresTerm: false,
    ran: [],
    connectMs: () => 0,
    scriptMs: () => 0,
    isBlackHole: false,
    down: null,
    looksLeft: Number.POSITIVE_INFINITY,
    fault: null,
    garble: null,
    clock,
    spawn: (args, { listens = [], opensAfterMs = 0, ppid = 1 } = {}) => {
      nextPid += 1
      const bornMs = clock.now()
      processes.set(nextPid, { pid: nextPid, ppid, args, bornMs, listens, opensMs: bornMs + opensAfterMs, state: 'S' })
      return nextPid
    },
  }
}
