/** What will be done, in which order: data that can be printed, compared and saved. */
import type { AfterMoment, Escalation, Hook, HookMoment } from './catalog.js'
import type { HostName, ServiceName } from './names.js'
import type { Process } from './observation.js'
import type { DesiredState } from './playbook.js'
import type { Batch, Rollout } from './rollout.js'
import type { Verdict } from './verdict.js'

/** The plays in their order, a batch of one being a play of its own. */
export type Plan = Readonly<{ plays: readonly PlannedPlay[] }>
/** `batch`: which part of a play it is, and `rollout` how that goes on behind it. */
export type PlannedPlay = Readonly<{ name: string; batch?: Batch; rollout?: Rollout; steps: readonly Step[] }>

/** `SERVICE@HOST` */
export type StepId = `${string}@${string}`

export const stepId = ({ name, host }: Readonly<{ name: ServiceName; host: HostName }>): StepId => `${name}@${host}`

/** Taken apart again: no name of a service holds an @. */
export const idParts = (id: string): Readonly<{ service: string; host: string }> => {
  const at = id.indexOf('@')
  return { service: id.slice(0, at), host: id.slice(at + 1) }
}

/** One service on one host within a play: what was found, what is to be done about it, and what that waits for. */
export type Step = Readonly<{
  id: StepId
  host: HostName
  service: ServiceName
  desired: DesiredState
  startedAfterMs: number | null
  /** Null where the host could not be looked at. */
  found: Verdict | null
  action: Action
  /** Of a restart: how many of all instances may be away at once; it waits until it is one of them. */
  mostAway?: Readonly<{ most: number; of: number }>
  /** The commands around what is done, in the order in which they are run. */
  hooks: readonly PlannedHook[]
  /** Steps of the same play, in this batch or an earlier one, that must have ended well before this one begins. */
  after: readonly StepId[]
  /** Why a run would skip it, as far as it is known before: for the sake of steps that cannot be done. */
  skipped?: string
}>

export type PlannedHook = Hook<string> & Readonly<{ moment: HookMoment }>

/** What is to be done about one service on one host, the least that leads to what should be; by its `_tag`. */
export type Action =
  /** It is as it should be. */
  | Readonly<{ _tag: 'None'; why: string }>
  | Readonly<{ _tag: 'Start'; launches: readonly Launch[] }>
  /** It is on its way by itself. */
  | Readonly<{ _tag: 'Wait'; why: string }>
  | Stop
  /** A stop and, once it is seen to be stopped, the start that is then missing. */
  | Readonly<{ _tag: 'Restart'; why: string; stop: Stop; launches: readonly Launch[] }>
  /** Copies too many are ended by proved signals; the others stay as they are. */
  | Readonly<{ _tag: 'Trim'; why: string; watch: readonly Watched[]; escalation: readonly Escalation[] }>
  /** It is as it should be, but for hooks that an earlier run has left undone. */
  | Readonly<{ _tag: 'Finish'; why: string; moment: AfterMoment }>
  /** It cannot be done safely; what a person can do instead. */
  /** `own`: `why` without what it quotes of the host, where it does. */
  | Readonly<{ _tag: 'Refuse'; why: string; own?: string; wayOut: string }>
  | Readonly<{ _tag: 'Unreachable'; why: string }>

type Stop = Readonly<{
  _tag: 'Stop'
  launches: readonly Launch[]
  /** Exactly the processes that have to go, as they were observed. */
  watch: readonly Watched[]
  escalation: readonly Escalation[]
}>

/** A process as it was seen, in which boot of the host, and the declared arguments it was recognised by. */
export type Watched = Readonly<{ process: Process; bootId: string | null; args: readonly string[] }>

/** One command line that is run on the host, and what it is for; `because`: why it is not the declared one. */
export type Launch = Readonly<{ what: string; command: string; because?: string }>

/** What is only told. */
export type IdleAction = Extract<Action, { _tag: 'None' | 'Refuse' | 'Unreachable' }>

export const isIdle = (action: Action): action is IdleAction => !isAct(action)

/** Does it change anything, or wait for something that does? */
export const isAct = ({ _tag }: Pick<Action, '_tag'>): boolean => acts.has(_tag)

/** Would a run get round to it, as far as it is known before? */
export const isToBeDone = ({ action, skipped }: Step): boolean => isAct(action) && skipped === undefined

/** What cannot be done, and is told with its reason; what is skipped anyway is not even that. */
export const isHeldBack = ({ action, skipped }: Step): boolean =>
  isIdle(action) && action._tag !== 'None' && skipped === undefined

export const hasActs = ({ steps }: Pick<PlannedPlay, 'steps'>): boolean => steps.some(({ action }) => isAct(action))

const acts: ReadonlySet<Action['_tag']> = new Set(['Start', 'Wait', 'Stop', 'Restart', 'Trim', 'Finish'])
