/** What is written down of a run, so that after any crash it can be told what was done and what may have been. */
import type { AfterMoment } from './catalog.js'
import type { HostRecap } from './event.js'
import type { ExitCode } from './exit-code.js'
import type { HostName, ServiceName } from './names.js'
import type { Action, Launch, StepId } from './plan.js'
import type { DesiredState } from './playbook.js'
import type { Verdict } from './verdict.js'

export type JournalRecord = Readonly<{ atMs: number }> & JournalEntry

/** One line of a journal, by its `_tag`. */
export type JournalEntry =
  | RunOpened
  | Readonly<{ _tag: 'PlanMade'; plays: readonly PlayDigest[] }>
  /** On disk before the act: from here on it may have happened. */
  | Readonly<{ _tag: 'Intended'; id: StepId; host: HostName; act: IntendedAct }>
  /** The last act that was intended there was not begun after all: another look, or its host, said no. */
  | Readonly<{ _tag: 'NotBegun'; id: StepId }>
  /** Before the act too: the hooks that are due after it, in place of those that were; paid by a `changed`. */
  | Readonly<{ _tag: 'HooksDue'; id: StepId; moments: readonly AfterMoment[] }>
  /** All hooks of this moment ended well: due no more, whatever becomes of the step, and whichever run made them so. */
  | Readonly<{ _tag: 'HooksDone'; id: StepId; moment: AfterMoment }>
  /** `words` and `wayOut` are steward's own, and quote no host; before there was a `wayOut` a failure had no words. */
  | Readonly<{ _tag: 'Concluded'; id: StepId; outcome: ConcludedAs; words: string; wayOut?: string }>
  /** A look at it failed before the plan: why, in steward's own words. */
  | Readonly<{ _tag: 'NotSeen'; host: HostName; words: string }>
  /** Somebody asked for the end: nothing new was begun after it. */
  | Readonly<{ _tag: 'Interrupted' }>
  /** The last one: a run without it did not end, or has not yet. */
  | Readonly<{ _tag: 'RunClosed'; recap: readonly (HostRecap & Readonly<{ host: string }>)[]; exitCode: ExitCode }>

export type RunOpened = Readonly<{
  _tag: 'RunOpened'
  runId: string
  version: string
  controller: Controller
  /** The run that this one takes up again. */
  resumes: string | null
}> &
  RunOptions

/** What it takes to run it again; every path is absolute. */
export type RunOptions = Readonly<{
  command: string
  playbook: string | null
  /** Its sources, in order. */
  inventory: readonly string[]
  limit: string | null
  catalogs: readonly string[]
  forks: number
  /** Whatever else was given, by the option's name. */
  more: Readonly<Record<string, string | number | boolean | readonly string[]>>
  inputs: readonly InputFile[]
}>

/** A file that was read, and the SHA-256 of its text in hex. */
export type InputFile = Readonly<{ path: string; sha256: string }>

/** The process that runs it: pid, start and boot are its identity; those are null where there is no /proc. */
export type Controller = Readonly<{ hostname: string; pid: number; startTicks: number | null; bootId: string | null }>

type IntendedAct =
  | Readonly<{ _tag: 'Launch'; launches: readonly Launch[] }>
  /** A command before or after an act, on the host or on the controller. */
  | Readonly<{ _tag: 'Hook'; launches: readonly Launch[] }>
  | Readonly<{ _tag: 'Signal'; signal: string; pids: readonly number[] }>

/** In the recap's words; `changed` is also ok. */
export type ConcludedAs = 'ok' | 'changed' | 'failed' | 'unreachable' | 'skipped'

/** A plan without its evidence: what processes were called with on a host is not kept, it may hold a secret. */
type PlayDigest = Readonly<{ name: string; steps: readonly StepDigest[] }>
export type StepDigest = Readonly<{
  id: StepId
  host: HostName
  service: ServiceName
  desired: DesiredState
  found: Verdict['_tag'] | null
  action: Action['_tag']
}>

/** Where a journal stops being believed; lines count from 1. */
export type Tail =
  | Readonly<{ _tag: 'Whole' }>
  /** What a crash leaves: nothing that follows is a record. */
  | Readonly<{ _tag: 'Torn'; line: number; reason: string }>
  /** What no crash leaves: sound records follow, which are `beyond`. */
  | Readonly<{ _tag: 'Damaged'; line: number; reason: string; beyond: readonly JournalRecord[] }>

export type JournalText = Readonly<{ records: readonly JournalRecord[]; tail: Tail }>

/** Hooks that a run has made due and not run to their end. */
export type HooksLeft = Readonly<{ runId: string; id: StepId; moments: readonly AfterMoment[] }>

/** `gone`: also one that was closed, whatever its process does now. `unknown`: of another machine, or one without /proc. */
export type Liveness = 'running' | 'gone' | 'unknown'

/** One run as its file tells it. */
export type PastRun = Readonly<{ runId: string; liveness: Liveness }> & JournalText

/** Also those that can still be read beyond damage. */
export const recordsOf = ({ records, tail }: PastRun): readonly JournalRecord[] =>
  tail._tag === 'Damaged' ? [...records, ...tail.beyond] : records

export type JournalError =
  | Readonly<{ _tag: 'UnsafeFolder'; path: string; why: string }>
  | Readonly<{ _tag: 'NotWritten'; path: string; why: string }>
  | Readonly<{ _tag: 'NotRead'; path: string; why: string }>
  | Readonly<{ _tag: 'NoSuchRun'; wanted: string; folder: string }>
  | Readonly<{ _tag: 'SeveralRuns'; wanted: string; runs: readonly string[] }>

export const journalErrorInWords = (error: JournalError): string => {
  switch (error._tag) {
    case 'UnsafeFolder':
      return `the journal is not kept in ${error.path}: ${error.why}; set XDG_STATE_HOME to a folder of your own`
    case 'NotWritten':
      return `the journal ${error.path} cannot be written: ${error.why}`
    case 'NotRead':
      return `the journal ${error.path} cannot be read: ${error.why}`
    case 'NoSuchRun':
      return error.wanted === 'last'
        ? `there is no run yet in ${error.folder}`
        : `there is no run ${error.wanted} in ${error.folder}: steward runs lists them`
    case 'SeveralRuns':
      return `${error.wanted} may be any of ${error.runs.join(', ')}`
  }
}
