/** Does the evidence that a saved plan rests on still hold? */
import type { HostName } from '../model/names.js'
import { type Action, isAct, type PlannedPlay, type Step, type StepId } from '../model/plan.js'
import type { SavedPlay, SavedStep, SeenPort, SeenProcess, SeenState } from '../model/saved-plan.js'

/** What moved, by the hosts where anything did; `begun`: steps that the plan's own run has begun, which move by that. */
export const movedSince = (
  saved: SavedPlay | undefined,
  now: SavedPlay,
  begun: ReadonlySet<StepId>,
): ReadonlyMap<HostName, string> => {
  const before = new Map(saved?.steps.map(step => [step.id, step]))
  const moved = new Map<HostName, string>()
  for (const step of now.steps) {
    const saved = before.get(step.id)
    const why = begun.has(step.id) ? whyMovedByOthers(saved, step) : whyMoved(saved, step)
    if (why !== null && !moved.has(step.host)) moved.set(step.host, why)
  }
  return moved
}

/** Nothing is done on those hosts. */
export const withoutMoved = (play: PlannedPlay, moved: ReadonlyMap<HostName, string>): PlannedPlay => ({
  ...play,
  steps: play.steps.map((step): Step => {
    const why = moved.get(step.host)
    if (why === undefined || !isAct(step.action)) return step
    const action: Action = {
      _tag: 'Refuse',
      why: `moved since the plan: ${why}`,
      wayOut: 'plan it again, and apply that',
    }
    return { ...step, action, hooks: [] }
  }),
})

/** What the plan has as skipped is not done, though it could be by now: nobody has read that it would be. */
export const withoutSkipped = (
  play: PlannedPlay,
  saved: SavedPlay | undefined,
  begun: ReadonlySet<StepId>,
): PlannedPlay => {
  const skipped = new Map(saved?.steps.flatMap(step => (step.skipped === undefined ? [] : [[step.id, step] as const])))
  if (skipped.size === 0) return play
  const steps = play.steps.map((step): Step => {
    const before = begun.has(step.id) ? undefined : skipped.get(step.id)
    if (before === undefined || !isAct(step.action) || isUnderWay(before.action, step.action._tag)) return step
    const why = `the plan has it as skipped: ${before.skipped}`
    return { ...step, action: { _tag: 'Refuse', why, wayOut: 'plan it again, and apply that' }, hooks: [] }
  })
  return { ...play, steps }
}

/** Null: all is as it was, or what was planned has been done meanwhile. */
const whyMoved = (saved: SavedStep | undefined, now: SavedStep): string | null => {
  const acts = isAct({ _tag: now.action })
  if (saved === undefined) return acts ? `${now.id} is not in the plan` : null
  if (now.seen === null || isUnderWay(saved.action, now.action)) return null
  if (saved.seen === null) return acts ? `${now.host} could not be looked at then` : null
  const why = whySeenAnew(saved.seen, now.seen)
  if (why !== null) return `${now.id}: ${why}`
  if (!acts) return null
  if (saved.action !== now.action) return `${now.id}: planned was ${saved.action}, and now it is ${now.action}`
  const doesTheSame = sameList(saved.does, now.does) && sameList(saved.hooks, now.hooks)
  return doesTheSame && saved.desired === now.desired ? null : `${now.id}: what is to be run is no longer the same`
}

/** Of what was begun: a start may have led to anything, but no stop to processes that were not there. */
const whyMovedByOthers = (saved: SavedStep | undefined, now: SavedStep): string | null => {
  const isStop = saved?.action === 'Stop' || saved?.action === 'Trim'
  if (!isStop || saved.seen === null || now.seen === null || !isAct({ _tag: now.action })) return null
  if (isBootedSince(saved.seen, now.seen)) return `${now.id}: its host was booted`
  const born = bornSince(saved.seen.processes, now.seen.processes)
  return born === undefined ? null : `${now.id}: ${inWords(born)} was not there`
}

/** Somebody has done it, or it goes on by itself. */
const isUnderWay = (saved: Action['_tag'], now: Action['_tag']): boolean =>
  isAct({ _tag: saved }) && (now === 'None' || now === 'Wait' || now === 'Finish')

const whySeenAnew = (saved: SeenState, now: SeenState): string | null => {
  if (isBootedSince(saved, now)) return 'its host was booted'
  return (
    whyOthers(saved.processes, now.processes) ??
    now.ports.reduce<string | null>((why, port) => why ?? whyHeldAnew(saved.ports, port), null)
  )
}

const isBootedSince = (saved: SeenState, now: SeenState): boolean =>
  saved.bootId !== null && now.bootId !== null && saved.bootId !== now.bootId

const whyHeldAnew = (saved: readonly SeenPort[], now: SeenPort): string | null => {
  const before = saved.find(({ port }) => port === now.port)
  // Of an instance that was not there: its processes tell.
  if (before === undefined) return null
  if (before.open !== now.open) return `port ${now.port} is ${now.open ? 'open' : 'no longer open'}`
  const why = whyOthers(before.holders, now.holders)
  return why === null ? null : `who holds port ${now.port}: ${why}`
}

/** A process that was foreseen may be any of its name. */
const whyOthers = (saved: readonly SeenProcess[], now: readonly SeenProcess[]): string | null => {
  const known = saved.filter(({ pid }) => pid !== null)
  const foreseen = saved.filter(({ pid }) => pid === null)
  const fresh = now.filter(one => !known.some(other => isSame(one, other)))
  const lost = known.find(one => !now.some(other => isSame(one, other)))
  const born = bornSince(saved, now)
  const missing = foreseen.find(one => !fresh.some(({ name }) => name === one.name))
  if (lost !== undefined && born !== undefined) return `${inWords(lost)} is gone, and ${inWords(born)} is there`
  if (lost !== undefined) return `${inWords(lost)} is gone`
  if (born !== undefined) return `${inWords(born)} was not there`
  return missing === undefined ? null : `${missing.name} is not there`
}

const bornSince = (saved: readonly SeenProcess[], now: readonly SeenProcess[]): SeenProcess | undefined =>
  now.find(
    one =>
      one.pid !== null && !saved.some(other => isSame(one, other) || (other.pid === null && other.name === one.name)),
  )

const isSame = (a: SeenProcess, b: SeenProcess): boolean =>
  a.name === b.name && a.pid === b.pid && a.startTicks === b.startTicks && a.startedAt === b.startedAt

const inWords = ({ name, pid, startTicks }: SeenProcess): string =>
  `${name} pid ${pid}${startTicks === null ? '' : ` (started at tick ${startTicks})`}`

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i])
