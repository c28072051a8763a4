/** How the hosts are gone over, where the command line says it: it counts before what plays say. */
import type { Playbook } from '../model/playbook.js'
import { parseShare, type Rollback, type Share, type WrittenRollout } from '../model/rollout.js'
import { journalled } from './journalled.js'

/** Shares as they were written; `pauseBetween` in seconds. */
export type RolloutOptions = Readonly<{
  serial?: string
  canary?: string
  pauseBetween?: number
  maxFailPercentage?: number
  anyErrorsFatal?: boolean
  maxUnavailable?: string
  rollback?: Rollback
}>

export const withRollout = (playbook: Playbook, options: RolloutOptions): Playbook => ({
  ...playbook,
  plays: playbook.plays.map(play => ({ ...play, rollout: changed(play.rollout, options) })),
})

const changed = (rollout: WrittenRollout, options: RolloutOptions): WrittenRollout => {
  const { serial, canary, pauseBetween, maxFailPercentage, anyErrorsFatal, maxUnavailable } = options
  const size = canary === undefined ? null : parseShare(canary)
  const sizes = serial === undefined ? null : sharesIn(serial)
  return {
    ...rollout,
    serial: sizes ?? rollout.serial,
    canary: size === null ? rollout.canary : { stableMs: 0, ask: false, ...rollout.canary, size },
    pauseBetweenMs: pauseBetween === undefined ? rollout.pauseBetweenMs : pauseBetween * 1000,
    budget: {
      ...rollout.budget,
      maxFailPercentage: maxFailPercentage ?? rollout.budget.maxFailPercentage,
      anyErrorsFatal: anyErrorsFatal ?? rollout.budget.anyErrorsFatal,
    },
    maxUnavailable: (maxUnavailable === undefined ? null : parseShare(maxUnavailable)) ?? rollout.maxUnavailable,
  }
}

/** `1,5,25%`; null where one of them is no share. */
export const sharesIn = (text: string): readonly Share[] | null => {
  const shares = text.split(',').map(parseShare)
  return shares.every(share => share !== null) ? shares : null
}

const written = journalled<RolloutOptions>({
  serial: 'serial',
  canary: 'canary',
  'pause-between': 'pauseBetween',
  'max-fail-percentage': 'maxFailPercentage',
  'any-errors-fatal': 'anyErrorsFatal',
  'max-unavailable': 'maxUnavailable',
  rollback: 'rollback',
})

export const rolloutAsJournalled = written.write
export const rolloutFromJournal = written.read
