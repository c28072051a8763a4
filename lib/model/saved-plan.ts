/** A plan in a file: what would be done, on which evidence, and from which inputs. */
import type { RunOptions } from './journal.js'
import type { HostName } from './names.js'
import type { Action, StepId } from './plan.js'
import type { DesiredState } from './playbook.js'

export type SavedPlan = Readonly<{
  madeAtMs: number
  madeBy: string
  /** Of steward. */
  version: string
  /** What it takes to plan it again. */
  options: RunOptions
  plays: readonly SavedPlay[]
}>

/** A play, or one batch of it. */
export type SavedPlay = Readonly<{ name: string; steps: readonly SavedStep[] }>

export type SavedStep = Readonly<{
  id: StepId
  host: HostName
  desired: DesiredState
  action: Action['_tag']
  /** Commands in the order in which they are run, then what those that stay get. */
  does: readonly string[]
  hooks: readonly string[]
  /** What it rests on; null where the host could not be looked at. */
  seen: SeenState | null
  /** Why a run would have skipped it. */
  skipped?: string
}>

/** Without what processes were called with, which may hold a secret. */
export type SeenState = Readonly<{
  verdict: string
  bootId: string | null
  processes: readonly SeenProcess[]
  ports: readonly SeenPort[]
}>

/** The first process of a copy. `pid` is null where it is only foreseen: an earlier play will have started it. */
export type SeenProcess = Readonly<{
  name: string
  pid: number | null
  startTicks: number | null
  startedAt: string | null
}>

/** No holders of an open port: the login could not see them. */
export type SeenPort = Readonly<{ port: string; open: boolean; holders: readonly SeenProcess[] }>

/** What the file begins with: its format's version. */
export const savedPlanMark = 'steward_plan'
export const savedPlanVersion = 1
