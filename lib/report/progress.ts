/** Where a run is: a fold over its events. */
import type { Recap, RunEvent } from '../model/event.js'
import { isAct, type StepId } from '../model/plan.js'

export type Progress = Readonly<{
  startedAtMs: number
  /** Acts in the plan, and how many have ended. */
  total: number
  ended: number
  failed: number
  /** What is under way, since when, and what it waits for. */
  active: ReadonlyMap<StepId, Readonly<{ sinceMs: number; waitsFor: string }>>
  hosts: number
  observed: number
  recap: Recap | null
}>

export const noProgress: Progress = {
  startedAtMs: 0,
  total: 0,
  ended: 0,
  failed: 0,
  active: new Map(),
  hosts: 0,
  observed: 0,
  recap: null,
}

export const advance = (progress: Progress, event: RunEvent): Progress => {
  switch (event._tag) {
    case 'RunStarted':
      return { ...progress, startedAtMs: event.atMs, hosts: event.hosts.length }
    case 'HostObserved':
    case 'HostUnreachable':
      return { ...progress, observed: progress.observed + 1 }
    case 'Planned':
      return {
        ...progress,
        total: event.plan.plays.flatMap(({ steps }) => steps).filter(({ action }) => isAct(action)).length,
      }
    case 'StepStarted':
      return withActive(progress, event.id, { sinceMs: event.atMs, waitsFor: 'launching' })
    case 'StepWaited':
      return withActive(progress, event.id, {
        ...(progress.active.get(event.id) ?? { sinceMs: event.atMs }),
        waitsFor: event.for,
      })
    case 'StepSucceeded':
      return withoutActive(progress, event.id, 0)
    case 'StepFailed':
    case 'StepUnreachable':
    case 'StepSkipped':
      return withoutActive(progress, event.id, 1)
    case 'RunEnded':
      return { ...progress, recap: event.recap }
    case 'HostKeyRecorded':
    case 'PlayStarted':
    case 'BatchHeld':
    case 'RolloutStopped':
    case 'CommandEnded':
    case 'SignalSent':
      return progress
  }
}

const withActive = (progress: Progress, id: StepId, entry: { sinceMs: number; waitsFor: string }): Progress => ({
  ...progress,
  active: new Map([...progress.active, [id, entry]]),
})

const withoutActive = (progress: Progress, id: StepId, failed: number): Progress => {
  if (!progress.active.has(id)) return { ...progress, failed: progress.failed + failed }
  const active = new Map(progress.active)
  active.delete(id)
  return { ...progress, active, ended: progress.ended + 1, failed: progress.failed + failed }
}
