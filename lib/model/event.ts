/** One fact in a run, in the past tense; every report is a fold over these. */
import type { ExitCode } from './exit-code.js'
import type { LoginTrace } from './login-trace.js'
import type { SourcePos } from './place.js'
import type { Plan } from './plan.js'
import type { Batch, RolloutHosts } from './rollout.js'
import type { Verdict } from './verdict.js'

/** Raised where what is written could be misread by who reads version 1; docs/events.md says what may grow without. */
export const eventsVersion = 1

/** A line of `--json`. */
export type EventLine = Readonly<{ v: typeof eventsVersion }> & (RunEvent | InputRefused)

/** `atMs`: when, in milliseconds since 1970, by the controller's clock. */
export type RunEvent = Readonly<{ atMs: number }> & RunFact

/** There was no run, as its input is wrong: all mistakes, in the order of their lines. */
export type InputRefused = Readonly<{ _tag: 'InputRefused'; atMs: number; problems: readonly ToldProblem[] }>

/** More is there of most, as the kind of mistake has it. */
export type ToldProblem = Readonly<{
  _tag: string
  at?: SourcePos | null
  message: string
  /** The word that was probably meant. */
  suggestion: string | null
}>

/** Which of the plan's plays it belongs to, from 0; what a rollback does is of none. */
type OfPlay = Readonly<{ play?: number }>

/** What has happened, by its `_tag`; docs/events.md tells of each. */
export type RunFact =
  | Readonly<{ _tag: 'RunStarted'; playbook: string; hosts: readonly string[] }>
  /** A host was new: from now on it is known by this key (--host-key accept-new). */
  | Readonly<{
      _tag: 'HostKeyRecorded'
      host: string
      name: string
      keyType: string
      fingerprint: string
      file: string
    }>
  /** Only with -vvv: how a login went for this host, at its own sshd or at that of a jump host. */
  | (Readonly<{ _tag: 'LoginTried'; host: string }> & LoginTrace)
  | Readonly<{ _tag: 'HostObserved'; host: string; tookMs: number }>
  | Readonly<{ _tag: 'HostUnreachable'; host: string; why: string }>
  | Readonly<{ _tag: 'Planned'; plan: Plan }>
  | (OfPlay & Readonly<{ _tag: 'PlayStarted'; name: string; batch?: Batch }>)
  /** Between two batches, or at the end of a canary: what is waited for. */
  | Readonly<{ _tag: 'BatchHeld'; batch: Batch; for: string }>
  /** Nothing new is begun in this play or a later one: why, and where its hosts are. */
  | Readonly<{ _tag: 'RolloutStopped'; name: string; why: string; hosts: RolloutHosts }>
  | (OfPlay & StepFact)
  | Readonly<{ _tag: 'RunEnded'; recap: Recap; exitCode: ExitCode }>

type StepFact =
  | Readonly<{ _tag: 'StepStarted'; id: string }>
  /** A command of the step came back; what it says is reported, not believed. */
  | Readonly<{ _tag: 'CommandEnded'; id: string; what: string; code: number; output: string }>
  | Readonly<{ _tag: 'StepWaited'; id: string; for: string }>
  | Readonly<{ _tag: 'SignalSent'; id: string; signal: string; pid: number; process: string }>
  | Readonly<{
      _tag: 'StepSucceeded'
      id: string
      changed: boolean
      now: string
      found: Verdict | null
      tookMs: number
    }>
  | Readonly<{ _tag: 'StepFailed'; id: string; why: string; wayOut: string | null; output: string | null }>
  | Readonly<{ _tag: 'StepUnreachable'; id: string; why: string }>
  | Readonly<{ _tag: 'StepSkipped'; id: string; because: string }>

/** Services by host and outcome, in Ansible's words; `changed` ones are also `ok`. */
export type Recap = ReadonlyMap<string, HostRecap>
/** How many services of one host came to what. */
export type HostRecap = Readonly<{ ok: number; changed: number; unreachable: number; failed: number; skipped: number }>
