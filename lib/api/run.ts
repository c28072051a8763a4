/** The functions that act: a run is its events, as they come, and how it ended. */
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { digestPlay } from '../decide/digest.js'
import type { HostRecap, RunEvent, RunFact } from '../model/event.js'
import type { ExitCode } from '../model/exit-code.js'
import type { Plan } from '../model/plan.js'
import { isHostList } from '../read/inventory/sources.js'
import type { Transport } from '../remote/transport.js'
import type { Journal } from '../run/journal/journal.js'
import { byProgram } from '../run/journal/resume.js'
import { openJournal, runIdAt } from '../run/journal/store.js'
import { runPlaybook } from '../run/run.js'
import { JournalUnwritableError } from './errors.js'
import { EventLog } from './event-log.js'
import { ourJournals, version, whoWeAre } from './here.js'
import { passwordsOf } from './hiding.js'
import { type PlaybookInput, type ReadInput, readInput } from './input.js'
import { Inventory } from './loaded.js'
import { contextOf, hiderFor, type LookOptions } from './options.js'
import { ourFiles } from './our-files.js'

/** For whatever acts. */
export type RunOptions = LookOptions &
  Readonly<{
    /**
     * Where each act is written down before it is done. Not given: a file below `$XDG_STATE_HOME/steward/runs`, for
     * `steward runs` and `steward show`. Null: nowhere, so that after a crash nothing is known but what can be seen.
     */
    journal?: Journal | null
    /** Whether a host is locked before anything is done on it, so that no two runs act there at once; true. */
    lock?: boolean
    /** How long a lock that another run holds is waited for; 60,000. */
    lockTimeoutMs?: number
    /** How hooks get to the machine that this runs on; this very one if not given. */
    controller?: Transport
    /** Shown the plan before anything is done by it: whether it is to be done. */
    agree?: (plan: Plan) => boolean | Promise<boolean>
  }>

/** `exitCode` is as the command line has it; of `recap` see the event `RunEnded`. */
export type RunResult = Readonly<{ runId: string; exitCode: ExitCode; recap: ReadonlyMap<string, HostRecap> }>

/**
 * A run under way. Iterating gives its events from the first one on, to each reader all of them. Leaving the iteration
 * early, as by `break`, stops the run and waits until nothing is under way any more.
 */
export type Run = AsyncIterable<RunEvent> &
  Readonly<{
    /**
     * Resolves when nothing is under way any more, whatever became of the services: what failed is in `exitCode`.
     * Rejects where nothing was begun: with an `InputError`, a `JournalUnwritableError` or, if the signal was aborted
     * before, its reason. Nobody has to listen: an iteration throws the same.
     */
    result: Promise<RunResult>
    /** What is under way is brought to its end, and nothing new is begun; `exitCode` is then 99. */
    stop: () => void
  }>

/**
 * Brings about what the playbook wants: looks, plans, acts in order and looks again. It begins at once. An aborted
 * `signal` is a call of `stop`. Done again, it changes nothing and says so.
 */
export const run = (input: PlaybookInput, options: RunOptions = {}): Run => begin(input, null, options)

/**
 * Does what a plan of the same input says and nothing else: where a host has moved since it was planned, nothing. The
 * plan may have gone through JSON.
 */
export const apply = (planned: Plan, input: PlaybookInput, options: RunOptions = {}): Run =>
  begin(input, planned, options)

const begin = (input: PlaybookInput, planned: Plan | null, options: RunOptions): Run => {
  const log = new EventLog<RunEvent>()
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  options.signal?.addEventListener('abort', stop, { once: true })
  const result = conduct(input, planned, options, log, stopping.signal).finally(() =>
    options.signal?.removeEventListener('abort', stop),
  )
  result.then(
    () => log.end(),
    error => log.end(error),
  )
  return { result, stop, [Symbol.asyncIterator]: () => reader(log, stop, result) }
}

async function* reader(log: EventLog<RunEvent>, stop: () => void, result: Promise<unknown>): AsyncGenerator<RunEvent> {
  let isWhole = false
  try {
    yield* log.read()
    isWhole = true
  } finally {
    if (!isWhole) {
      stop()
      await result.catch(() => {})
    }
  }
}

const conduct = async (
  input: PlaybookInput,
  planned: Plan | null,
  options: RunOptions,
  log: EventLog<RunEvent>,
  signal: AbortSignal,
): Promise<RunResult> => {
  options.signal?.throwIfAborted()
  const read = readInput(input)
  const { expansion } = read
  let recap: ReadonlyMap<string, HostRecap> = new Map()
  const context = contextOf(expansion, options, (fact: RunFact) => {
    if (fact._tag === 'RunEnded') recap = fact.recap
    log.push({ ...fact, atMs: context.clock.now() })
  })
  const journal = options.journal === undefined ? await openOurs(input, read, options) : options.journal
  const runId = journal?.runId ?? runIdAt(context.clock.now(), randomBytes(3).toString('hex'))
  const hide = hiderFor(expansion, options.access ?? {})
  const { agree } = options
  try {
    const exitCode = await runPlaybook(expansion, titleOf(input), {
      ...context,
      signal,
      ...(journal === null ? {} : { journal }),
      lock: options.lock === false ? null : { run: runId, who: whoWeAre() },
      lockTimeoutMs: options.lockTimeoutMs ?? 60_000,
      ...(options.controller === undefined ? {} : { controller: options.controller }),
      ...(agree === undefined ? {} : { agree: async plan => agree(hide(plan)) }),
      ...(planned === null
        ? {}
        : { held: { plays: planned.plays.map(digestPlay), begun: new Set(), hide: text => hide(text) } }),
    })
    return { runId, exitCode, recap }
  } finally {
    if (options.journal === undefined) await journal?.close()
  }
}

const titleOf = ({ playbook }: PlaybookInput): string => (typeof playbook === 'string' ? playbook : playbook.file)

const openOurs = async (
  input: PlaybookInput,
  { expansion, inputs }: ReadInput,
  { access = {}, clock, forks = 50 }: RunOptions,
): Promise<Journal> => {
  const opened = await openJournal(ourJournals(), {
    version: version(),
    pid: process.pid,
    resumes: null,
    options: {
      command: byProgram,
      playbook: resolve(titleOf(input)),
      inventory: sourcesOf(input),
      limit: input.limit ?? null,
      catalogs: [],
      forks,
      more: {},
      inputs,
    },
    secrets: passwordsOf(expansion, access),
    redactions: expansion.redactions ?? [],
    now: clock?.now ?? Date.now,
  })
  if (E.isLeft(opened)) throw new JournalUnwritableError(opened.left)
  return opened.right
}

const sourcesOf = ({ inventory }: PlaybookInput): readonly string[] => {
  const sources = inventory instanceof Inventory ? inventory.sources : [inventory].flat()
  return sources.map(source => (isHostList(ourFiles, source) ? source : resolve(source)))
}
