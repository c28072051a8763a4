/** Where a run is: a fold over its events. */
import type { Recap, RunEvent } from '../model/event.js'
import { isAct, type Plan } from '../model/plan.js'
import { type Batch, playInWords } from '../model/rollout.js'

export type Progress = Readonly<{
  startedAtMs: number
  /** Acts in the plan, and what came of them. */
  acts: Tally
  /** The play or batch that is under way. */
  play: Readonly<{ name: string; acts: Tally }> | null
  /** What is waited for between two batches. */
  held: Waiting | null
  /** What is under way, since when, and what it waits for. */
  active: ReadonlyMap<string, Waiting>
  hosts: readonly string[]
  /** Those that were looked at or are out of reach, the last one first. */
  looked: Looked | null
  unreachable: number
  plan: Plan | null
  recap: Recap | null
}>

export type Tally = Readonly<{ total: number; ended: number; failed: number; skipped: number }>
export type Waiting = Readonly<{ sinceMs: number; waitsFor: string }>
/** A list that grows without being copied: there may be many thousands of hosts. */
type Looked = Readonly<{ host: string; count: number; before: Looked | null }>

const nothing: Tally = { total: 0, ended: 0, failed: 0, skipped: 0 }

export const noProgress: Progress = {
  startedAtMs: 0,
  acts: nothing,
  play: null,
  held: null,
  active: new Map(),
  hosts: [],
  looked: null,
  unreachable: 0,
  plan: null,
  recap: null,
}

export const advance = (progress: Progress, event: RunEvent): Progress => {
  switch (event._tag) {
    case 'RunStarted':
      return { ...progress, startedAtMs: event.atMs, hosts: event.hosts }
    case 'HostObserved':
      return withLooked(progress, event.host)
    case 'HostUnreachable':
      return { ...withLooked(progress, event.host), unreachable: progress.unreachable + 1 }
    case 'Planned': {
      const total = event.plan.plays.reduce((sum, play) => sum + actsOf(play), 0)
      return { ...progress, plan: event.plan, acts: { ...nothing, total } }
    }
    case 'PlayStarted':
      return { ...progress, held: null, play: playOf(event, progress.plan) }
    case 'BatchHeld':
      return { ...progress, held: { sinceMs: event.atMs, waitsFor: event.for } }
    case 'StepStarted':
      return withActive(progress, event.id, { sinceMs: event.atMs, waitsFor: 'launching' })
    case 'StepWaited':
      return withActive(progress, event.id, {
        ...(progress.active.get(event.id) ?? { sinceMs: event.atMs }),
        waitsFor: event.for,
      })
    case 'StepSucceeded':
      return withoutActive(progress, event.id, 'ended')
    case 'StepFailed':
    case 'StepUnreachable':
      return withoutActive(progress, event.id, 'failed')
    case 'StepSkipped':
      return withoutActive(progress, event.id, 'skipped')
    case 'RolloutStopped':
      return { ...progress, held: null }
    case 'RunEnded':
      return { ...progress, recap: event.recap }
    case 'HostKeyRecorded':
    case 'LoginTried':
    case 'CommandEnded':
    case 'SignalSent':
      return progress
  }
}

/** Hosts that have not answered yet, in the order of the inventory. */
export const unanswered = ({ hosts, looked }: Progress): readonly string[] => {
  const answered = new Set<string>()
  for (let at = looked; at !== null; at = at.before) answered.add(at.host)
  return hosts.filter(host => !answered.has(host))
}

const actsOf = ({ steps }: Plan['plays'][number]): number => steps.filter(({ action }) => isAct(action)).length

type Begun = Readonly<{ name: string; batch?: Batch; play?: number }>

/** Of a play that was not planned before, as to roll back, nobody knows yet how much it is. */
const playOf = (begun: Begun, plan: Plan | null): Progress['play'] => {
  const planned = begun.play === undefined ? undefined : plan?.plays[begun.play]
  const total = planned === undefined ? 0 : actsOf(planned)
  return {
    name: playInWords(begun),
    acts: { ...nothing, total },
  }
}

const withLooked = (progress: Progress, host: string): Progress => ({
  ...progress,
  looked: { host, count: (progress.looked?.count ?? 0) + 1, before: progress.looked },
})

const withActive = (progress: Progress, id: string, entry: Waiting): Progress => ({
  ...progress,
  active: new Map([...progress.active, [id, entry]]),
})

/** Only what had begun can have ended; what fails without having begun counts as failed all the same. */
const withoutActive = (progress: Progress, id: string, how: keyof Omit<Tally, 'total'>): Progress => {
  const hadBegun = progress.active.has(id)
  if (!hadBegun && how === 'ended') return progress
  const active = hadBegun ? new Map([...progress.active].filter(([begun]) => begun !== id)) : progress.active
  const count = (tally: Tally): Tally => ({
    ...tally,
    ended: tally.ended + (hadBegun ? 1 : 0),
    ...(how === 'ended' ? {} : { [how]: tally[how] + 1 }),
  })
  const { acts, play } = progress
  return { ...progress, active, acts: count(acts), play: play === null ? null : { ...play, acts: count(play.acts) } }
}
