/** How a play goes over its hosts: how many change at once, what is waited for between, and what ends it. */
import type { HostName } from './names.js'
import type { Check, WrittenCheck } from './ready.js'
import type { Template } from './template.js'

/** Some of the hosts: so many, or so many of a hundred. */
export type Share = Readonly<{ _tag: 'Count'; count: number } | { _tag: 'Percent'; percent: number }>

/** As it is written (`WrittenCheck`, `Template`), then with its variables filled in (`Check`, nothing unfilled). */
export type Rollout<AnyCheck = Check, Unfilled = never> = Readonly<{
  /** The sizes of the batches; the last one again and again. None: all hosts at once. */
  serial: readonly (Share | Unfilled)[]
  /** A batch before all others. */
  canary: Canary | null
  pauseBetweenMs: number
  gate: Gate<AnyCheck>
  budget: Budget<Unfilled>
  /** How many instances of a service may be away at once; null: as the service itself says. */
  maxUnavailable: Share | null
}>

export type WrittenRollout = Rollout<WrittenCheck, Template>

/** `stableMs`: how long it has to stay as it should be. `ask`: whether a person has to say that it goes on. */
export type Canary = Readonly<{ size: Share; stableMs: number; ask: boolean }>

/** What has to hold between batches besides that all that was touched is as it should be; asked from here. */
export type Gate<AnyCheck = Check> = Readonly<{ withinMs: number; checks: readonly AnyCheck[] }>

/** How much may go wrong. */
export type Budget<Unfilled = never> = Readonly<{
  /** More than this part of the hosts in a hundred is too much; null: all of a batch is. */
  maxFailPercentage: number | Unfilled | null
  /** Any failure is too much. */
  anyErrorsFatal: boolean | Unfilled
  /** Of which hosts `maxFailPercentage` is a part. */
  over: 'batch' | 'rollout'
  /** Whether a host out of reach is one that failed. */
  unreachable: 'count' | 'ignore'
}>

/** What may be done to instances that a rollout has touched and could not bring up well. */
export const rollbacks = ['stop', 'restart'] as const
export type Rollback = (typeof rollbacks)[number]

/** A part of a play's hosts that may change at once. */
export type Batch = Readonly<{
  /** From 1, and how many there are. */
  number: number
  of: number
  isCanary: boolean
  hosts: readonly HostName[]
}>

/**
 * Where a rollout that was stopped has left the hosts: as they should be, failed, rolled back, not touched, or out of reach
 * or cut short, so that nobody knows.
 */
export type RolloutHosts = Readonly<Record<'new' | 'failed' | 'rolledBack' | 'old' | 'unknown', readonly HostName[]>>

/** Each kind that there is any host of, in words. */
export const hostsByKind = (hosts: RolloutHosts): readonly (readonly [string, readonly HostName[]])[] =>
  (['new', 'failed', 'rolledBack', 'old', 'unknown'] as const).flatMap(kind =>
    hosts[kind].length === 0 ? [] : [[kind === 'rolledBack' ? 'rolled back' : kind, hosts[kind]] as const],
  )

/** What nobody has said otherwise. */
export const atOnce: Rollout<never> = {
  serial: [],
  canary: null,
  pauseBetweenMs: 0,
  gate: { withinMs: 30_000, checks: [] },
  budget: { maxFailPercentage: null, anyErrorsFatal: false, over: 'batch', unreachable: 'count' },
  maxUnavailable: null,
}

/** `batch 2 of 5`; the canary is called so. */
export const batchInWords = ({ number, of, isCanary }: Pick<Batch, 'number' | 'of' | 'isCanary'>): string =>
  `${isCanary ? 'canary, ' : ''}batch ${number} of ${of}`

/** A play, or its batch where it has several: `Web, batch 2 of 5`. */
export const playInWords = ({ name, batch }: Readonly<{ name: string; batch?: Batch }>): string =>
  batch === undefined || batch.of === 1 ? name : `${name}, ${batchInWords(batch)}`

/** What may be written for one: `10`, or from `1%` to `100%`. */
export const sharePattern = /^\s*(?:(?<count>\d{1,9})|(?=\d{1,9}%)0*(?<percent>[1-9]\d?|100)%)\s*$/

/** Null where it is neither. */
export const parseShare = (text: string): Share | null => {
  const { count, percent } = sharePattern.exec(text)?.groups ?? {}
  if (percent !== undefined) return { _tag: 'Percent', percent: Number(percent) }
  return count === undefined ? null : { _tag: 'Count', count: Number(count) }
}

/** What may be written for a part of a hundred: from `0` to `100`, such as `12.5`, with a percent sign or without. */
export const percentagePattern = /^\s*(?<percent>\d{1,2}(?:\.\d{1,9})?|100(?:\.0{1,9})?)\s*%?\s*$/

/** Null where it is none. */
export const parsePercentage = (text: string): number | null => {
  const { percent } = percentagePattern.exec(text)?.groups ?? {}
  return percent === undefined ? null : Number(percent)
}

export const shareForm = 'a number of hosts, or a percentage such as 25%'
export const percentageForm = 'a percentage from 0 to 100'
