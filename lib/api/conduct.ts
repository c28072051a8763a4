/** One run of a program, from its input to its result. */
import { randomBytes } from 'node:crypto'
import { digestPlay } from '../decide/digest.js'
import { withHooksDue } from '../decide/hooks.js'
import type { HostRecap, RunEvent, RunFact } from '../model/event.js'
import type { Plan } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import { guarded } from '../remote/guarded.js'
import { systemClock } from '../run/clock.js'
import type { Held } from '../run/hold.js'
import { runIdAt } from '../run/journal/store.js'
import { runPlaybook } from '../run/run.js'
import type { EventLog } from './event-log.js'
import { givenJournal } from './given-journal.js'
import { ourJournals, whoWeAre } from './here.js'
import { hooksLeftOf } from './hooks-left.js'
import { type DatedRestart, type PlaybookInput, type RestartInput, readWanted } from './input.js'
import { openOurs } from './journal.js'
import { onAbort } from './on-abort.js'
import { contextOf, hiderFor } from './options.js'
import type { RunOptions, RunResult } from './run-options.js'
import { sourcesOf, type TakenUp, takeUp, titleOf } from './take-up.js'

/** `planned`: what it is kept to. `resumes`: which run it takes up. */
export type Undertaking = Readonly<{ input: PlaybookInput | RestartInput; planned?: Plan; resumes?: string }>

/** Rejects where nothing is begun. */
export const conduct = async (
  { input: given, planned, resumes }: Undertaking,
  options: RunOptions,
  log: Pick<EventLog<RunEvent>, 'push'>,
  signal: AbortSignal,
): Promise<RunResult> => {
  options.signal?.throwIfAborted()
  const takenUp = resumes === undefined ? null : await takeUp(resumes, given, planned)
  const { clock = systemClock, journal: theirs } = options
  const startedAfterMs = takenUp?.startedAfterMs ?? momentOf(planned) ?? clock.now()
  const input: PlaybookInput | DatedRestart = 'playbook' in given ? given : { startedAfterMs, ...given }
  const read = readWanted(input)
  const expansion = takenUp === null ? read.expansion : await withHooksOf(takenUp, read.expansion, input)
  let recap: ReadonlyMap<string, HostRecap> = new Map()
  const context = await contextOf(expansion, options, (fact: RunFact) => {
    if (fact._tag === 'RunEnded') recap = fact.recap
    log.push({ ...fact, atMs: clock.now() })
  })
  const hide = hiderFor(expansion, options.access ?? {})
  const ours = theirs === undefined ? await openOurs({ ...read, input, planned, takenUp }, options) : null
  const journal = theirs == null ? ours : givenJournal(theirs, hide)
  const runId = journal?.runId ?? runIdAt(clock.now(), randomBytes(3).toString('hex'))
  const held: Held | null =
    planned === undefined
      ? null
      : { plays: planned.plays.map(digestPlay), begun: new Set(takenUp?.begun), hide: text => hide(text) }
  const { agree } = options
  try {
    const exitCode = await runPlaybook(expansion, titleOf(input), {
      ...context,
      signal,
      ...(journal === null ? {} : { journal }),
      lock: options.lock === false ? null : { run: runId, who: whoWeAre() },
      lockTimeoutMs: options.lockTimeoutMs ?? 60_000,
      ...(options.controller === undefined ? {} : { controller: guarded(options.controller) }),
      ...(agree === undefined ? {} : { agree: plan => answered(() => agree(hide(plan)), signal) }),
      ...(held === null ? {} : { held }),
    })
    return { runId, exitCode, recap }
  } finally {
    await ours?.close()
  }
}

/** A no once the run is stopped: whoever is asked may never answer. */
const answered = async (ask: () => boolean | Promise<boolean>, signal: AbortSignal): Promise<boolean> => {
  if (signal.aborted) return false
  let leave = (): void => {}
  const stopped = new Promise<boolean>(resolve => {
    leave = onAbort(signal, () => resolve(false))
  })
  return Promise.race([ask(), stopped]).finally(() => leave())
}

/** A plan of a restart is one of its moment. */
const momentOf = (planned: Plan | undefined): number | null =>
  planned?.plays.flatMap(({ steps }) => steps).find(step => step.startedAfterMs !== null)?.startedAfterMs ?? null

const withHooksOf = async (
  { runId }: TakenUp,
  expansion: Expansion,
  input: PlaybookInput | RestartInput,
): Promise<Expansion> => {
  const due = await hooksLeftOf(expansion, sourcesOf(input), ourJournals(), runId)
  return withHooksDue(expansion, new Map(due.map(({ id, moments }) => [id, moments])))
}
