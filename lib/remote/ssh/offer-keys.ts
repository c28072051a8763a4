/** Offers our keys to a host, each once, as long as it takes keys at all; never a password, never a prompt. */
import type { AnyAuthMethod } from 'ssh2'
import type { Identities } from './identities.js'

export type Offering = Readonly<{
  /** What ssh2 calls before each attempt, with the ways the host still takes; null before it has said so. */
  next: (taken: readonly string[] | null, isPartial: boolean | null) => AnyAuthMethod | false
  /** Adds something to be said should the login fail. */
  note: (trouble: string) => void
  isExhausted: () => boolean
  /** Who was refused, with which keys, and what the host would take instead. */
  outcome: () => string
}>

export const offerKeys = (user: string, { offers, unusable }: Identities): Offering => {
  const tried: string[] = []
  const notes = new Set(unusable)
  let wanted: readonly string[] | null = null
  let wantsMore = false
  let isExhausted = false
  return {
    next: (taken, isPartial) => {
      wanted = taken
      wantsMore ||= isPartial === true
      // Without any key, this makes the host say at least what it wants.
      if (taken === null && offers.length === 0) return { type: 'none', username: user }
      const offer = taken === null || taken.includes('publickey') ? offers[tried.length] : undefined
      isExhausted = offer === undefined
      if (offer === undefined) return false
      tried.push(offer.label)
      return offer.method(user)
    },
    note: trouble => notes.add(trouble),
    isExhausted: () => isExhausted,
    outcome: () => {
      const refused =
        tried.length === 0
          ? `there is no key to log in as ${user}`
          : `the host refused ${user} with ${tried.join(', ')}`
      return [refused, ...wordsForWanted(wanted ?? [], wantsMore), ...notes].join('; ')
    },
  }
}

const wordsForWanted = (wanted: readonly string[], wantsMore: boolean): readonly string[] => {
  if (wanted.length === 0) return []
  if (wantsMore) return [`it took a key and wants more: ${wanted.join(', ')}`]
  const words = `it takes ${wanted.join(', ')}`
  return [wanted.includes('publickey') ? words : `${words} and no keys, and only keys are used here`]
}
