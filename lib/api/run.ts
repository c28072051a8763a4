/** The functions that act: a run is its events, as they come, and how it ended. */
import type { RunEvent } from '../model/event.js'
import type { Plan } from '../model/plan.js'
import { conduct, type Undertaking } from './conduct.js'
import { EventLog } from './event-log.js'
import type { PlaybookInput, RestartInput } from './input.js'
import { onAbort } from './on-abort.js'
import type { RunOptions, RunResult } from './run-options.js'

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

/** `planned`: the plan that the run was kept to, if it was one of `apply`. */
export type ResumeOptions = RunOptions & Readonly<{ planned?: Plan }>

/**
 * Brings about what the playbook wants: looks, plans, acts in order and looks again. It begins at once. An aborted
 * `signal` is a call of `stop`. Done again, it changes nothing and says so.
 */
export const run = (input: PlaybookInput, options: RunOptions = {}): Run => begin({ input }, options)

/**
 * Does what a plan of the same input says and nothing else: where a host has moved since it was planned, nothing. The
 * plan may have gone through JSON.
 */
export const apply = (planned: Plan, input: PlaybookInput | RestartInput, options: RunOptions = {}): Run =>
  begin({ input, planned }, options)

/**
 * Stops and starts services, each with what requires it and in that order, wherever a process of theirs is older than
 * `startedAfterMs` of the input: done again with the same moment, it goes on where it was cut short.
 */
export const restart = (input: RestartInput, options: RunOptions = {}): Run => begin({ input }, options)

/**
 * Takes up a run that was not done to its end: does what is left of it, and runs the hooks that it made due. `runId` is its
 * own, the beginning of just one, or `last`, and `input` what it was begun with; of a restart it keeps the moment. Rejects
 * with an `InputError` also where there is no such run, it is still running or was done, or it was of other files.
 */
export const resume = (runId: string, input: PlaybookInput | RestartInput, options: ResumeOptions = {}): Run => {
  const { planned, ...others } = options
  return begin({ input, resumes: runId, ...(planned === undefined ? {} : { planned }) }, others)
}

const begin = (undertaking: Undertaking, options: RunOptions): Run => {
  const log = new EventLog<RunEvent>()
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const result = conduct(undertaking, options, log, stopping.signal).finally(onAbort(options.signal, stop))
  result.then(
    () => log.end(),
    error => log.fail(error),
  )
  return { result, stop, [Symbol.asyncIterator]: () => reader(log, stop, result) }
}

/** Whoever leaves while an event is waited for is heard at once: a generator would wait for that event first. */
const reader = (
  log: EventLog<RunEvent>,
  stop: () => void,
  result: Promise<unknown>,
): AsyncIterableIterator<RunEvent> => {
  const events = log.read()
  const end = { done: true, value: undefined } as const
  let isLeft = false
  return {
    next: () => (isLeft ? Promise.resolve(end) : events.next()),
    return: async () => {
      isLeft = true
      stop()
      await result.catch(() => {})
      return end
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
