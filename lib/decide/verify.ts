/** Is what was done what was wanted? Judged again on every look after an act, and once more right before it. */
import type { HostService } from '../model/catalog.js'
import type { Observation, Process } from '../model/observation.js'
import type { Action, Launch, Step, Watched } from '../model/plan.js'
import { type Reason, reason } from '../model/reason.js'
import type { Verdict } from '../model/verdict.js'
import { verdictReason } from '../model/words.js'
import { decideAction } from './action.js'
import { judge } from './judge.js'
import { isAlive } from './recognise.js'

/** The last look before an act: still to be done, done by somebody else meanwhile, or no longer what was planned. */
export type Recheck =
  | Readonly<{ _tag: 'Go'; action: Action }>
  | Readonly<{ _tag: 'Met'; now: string; verdict: Verdict }>
  /** `isBlurred`: the look itself was not clear enough; another one may be. */
  | Readonly<{ _tag: 'Moved'; why: Reason; isBlurred: boolean }>

export const recheck = (
  step: Step,
  service: HostService,
  observation: Observation,
  others: readonly HostService[] = [],
): Recheck => {
  const verdict = judge(service, observation, others)
  const action = decideAction(service, { state: step.desired, startedAfterMs: step.startedAfterMs }, verdict)
  if (action._tag === 'None') return { _tag: 'Met', now: action.why, verdict }
  if (sameAct(step, verdict, action)) return { _tag: 'Go', action }
  const before = step.found === null ? 'not seen' : verdictReason(step.found)
  const why = reason`changed since the plan: it was ${before}; it is ${verdictReason(verdict)}`
  return { _tag: 'Moved', why, isBlurred: verdict._tag === 'unknown' && isBlurred(observation) }
}

/** Processes came or went while it was taken. */
const isBlurred = ({ unsettled, processes }: Observation): boolean =>
  unsettled.size > 0 || (processes._tag === 'Seen' && processes.value.some(({ state }) => state === 'X'))

/** Of the processes that have to go: those that are still there, and not others that got their pids, or a later boot's. */
export const stillThere = (watch: readonly Watched[], observation: Observation): readonly Watched[] => {
  if (observation.processes._tag === 'Unseen') return watch
  const now = new Map(observation.processes.value.filter(isAlive).map(process => [process.pid, process]))
  return watch.filter(({ process: was, bootId }) => {
    const is = now.get(was.pid)
    return is !== undefined && isSame(was, is) && isSameBoot(bootId, observation.bootId)
  })
}

/** The same processes that ran when it was first seen running: none was replaced in between. */
export const sameCopies = (a: Verdict, b: Verdict): boolean =>
  areSame(leadersOf(a), leadersOf(b)) && isSameBoot(a.evidence.bootId, b.evidence.bootId)

const leadersOf = ({ evidence }: Verdict): readonly Process[] =>
  evidence.instances.flatMap(({ copies }) => copies.map(([leader]) => leader))

/** Children of a daemon come and go; its leaders must be the ones that were planned for. */
const sameAct = ({ action: planned, found }: Step, verdict: Verdict, now: Action): boolean => {
  if (now._tag === 'Start' && planned._tag === 'Start') return sameCommands(now.launches, planned.launches)
  if (found === null) return false
  if (now._tag === 'Restart' && planned._tag === 'Restart') {
    return sameCommands(now.stop.launches, planned.stop.launches) && sameCopies(found, verdict)
  }
  if (now._tag === 'Trim' && planned._tag === 'Trim') return sameCopies(found, verdict) && sameProcesses(now, planned)
  if (now._tag !== 'Stop' || planned._tag !== 'Stop') return false
  return sameCommands(now.launches, planned.launches) && sameCopies(found, verdict)
}

/** The very ones that were to be ended. */
const sameProcesses = (a: { watch: readonly Watched[] }, b: { watch: readonly Watched[] }): boolean =>
  areSame(processesOf(a.watch), processesOf(b.watch))

const processesOf = (watch: readonly Watched[]): readonly Process[] => watch.map(({ process }) => process)

const areSame = (some: readonly Process[], others: readonly Process[]): boolean => {
  const byPid = new Map(others.map(process => [process.pid, process]))
  return (
    some.length === others.length &&
    some.every(process => {
      const other = byPid.get(process.pid)
      return other !== undefined && isSame(process, other)
    })
  )
}

const sameCommands = (a: readonly Launch[], b: readonly Launch[]): boolean =>
  sameList(a.map(commandOf), b.map(commandOf))

const commandOf = ({ command }: Launch): string => command

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join('\n') === [...b].sort().join('\n')

/** A pid with its start time names one process; without one, as of one that came while it was looked, its arguments have to do. */
const isSame = (was: Process, is: Process): boolean =>
  was.startTicks !== null && is.startTicks !== null
    ? was.startTicks === is.startTicks
    : was.args.join('\0') === is.args.join('\0')

/** A pid and its ticks are counted from the boot on. Where one is not told, it may be the same. */
const isSameBoot = (a: string | null, b: string | null): boolean => a === null || b === null || a === b
