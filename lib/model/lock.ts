/** A host's lock: whose it is, and what proves that its holder is still at work. */
import type { HostText } from './observation.js'
import { ownReason, quoting, type Reason, reason } from './reason.js'

/**
 * What a run puts into the lock. `run` tells it from every other run and is never empty; `who` is for people: user,
 * controller and its pid.
 */
export type LockClaim = Readonly<{ run: string; who: string }>

/**
 * A process on the host whose life proves the holder's: its connection (the session's sshd, or a steward on the host
 * itself) or a script of it. Pid and start ticks are its identity; null where the host does not tell the ticks.
 */
export type Witness = Readonly<{ kind: 'connection' | 'script'; pid: number; startTicks: number | null }>

/** Times are seconds since 1970 by the host's own clock; they are for people, and nothing is decided by them. */
type LockHolder = Readonly<{
  _tag: 'Holder'
  run: HostText
  who: HostText
  sinceSeconds: number
  renewedSeconds: number
  witnesses: readonly Witness[]
}>

/** A lock that cannot be read proves nothing about its holder; so it is held. */
export type LockContent = LockHolder | Readonly<{ _tag: 'Damaged'; text: HostText }>

/** What came of taking the lock; with any but the first three tags nothing was looked at or launched. */
export type LockTaking =
  | Readonly<{ _tag: 'Taken' }>
  /** It was this run's already. */
  | Readonly<{ _tag: 'Renewed' }>
  /** Its holder was proved dead. */
  | Readonly<{ _tag: 'TakenOver'; from: LockContent }>
  | Readonly<{ _tag: 'Held'; by: LockContent }>
  /** It was taken and then lost while the script waited for its go-ahead: to another, or removed by somebody (null). */
  | Readonly<{ _tag: 'Lost'; to: LockContent | null }>
  /** Others were at the lock all the time that was given to it; whose it is was not seen. */
  | Readonly<{ _tag: 'Busy' }>
  /** There is no safe place for it on the host, or it cannot be written. */
  | Readonly<{ _tag: 'Refused'; why: HostText }>

export type LockRelease =
  | Readonly<{ _tag: 'Released' }>
  /** There was none. */
  | Readonly<{ _tag: 'NotThere' }>
  | Readonly<{ _tag: 'NotOurs'; by: LockContent }>
  | Readonly<{ _tag: 'Busy' }>
  | Readonly<{ _tag: 'Refused'; why: HostText }>

/** The lock as `steward unlock` shows it. */
export type ShownLock = Readonly<{
  _tag: 'Shown'
  content: LockContent
  /** Proved dead: the next run takes it over by itself. */
  isDead: boolean
  /** Those that live, as far as can be told. */
  living: readonly Witness[]
  /** Tells this file from others where its content cannot. */
  checksum: string
}>

export type LockShowing = ShownLock | Readonly<{ _tag: 'NotThere' }> | Readonly<{ _tag: 'Refused'; why: HostText }>

export type LockRemoval =
  | Readonly<{ _tag: 'Removed' }>
  | Readonly<{ _tag: 'NotThere' }>
  /** It is not the one that was shown any more, and was left alone. */
  | Readonly<{ _tag: 'Changed'; to: LockContent }>
  | Readonly<{ _tag: 'Busy' }>
  | Readonly<{ _tag: 'Refused'; why: HostText }>

export type NotTaken = Extract<LockTaking, { _tag: 'Held' | 'Lost' | 'Busy' | 'Refused' }>

/** `run 20261124T231500-3f9a2c of alice@laptop pid 4711`. Text of the host's: escape it where it is printed. */
export const lockHolderInWords = (content: LockContent): string =>
  content._tag === 'Holder' ? `run ${content.run} of ${content.who}` : 'a lock that cannot be read'

export const notTakenInWords = (taking: NotTaken): string => notTakenReason(taking).why

export const notTakenReason = (taking: NotTaken): Reason => {
  const holder = (content: LockContent) => quoting(lockHolderInWords(content), 'another run')
  switch (taking._tag) {
    case 'Held':
      return reason`the host's lock is held by ${holder(taking.by)}`
    case 'Lost':
      return reason`the host's lock was ${taking.to === null ? 'removed' : reason`taken by ${holder(taking.to)}`} meanwhile`
    case 'Busy':
      return ownReason("others were at the host's lock all the time")
    case 'Refused':
      return reason`the host's lock cannot be taken${quoting(`: ${taking.why}`)}`
  }
}
