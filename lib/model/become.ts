/** As whom a script runs where that is not the login itself. */
import type { Secret } from './secret.js'

export const becomeMethods = ['sudo', 'doas', 'su'] as const
export type BecomeMethod = (typeof becomeMethods)[number]

export type Become = Readonly<{
  method: BecomeMethod
  user: string
  /** The inventory's own for this host; null: the one that was asked for, if any. */
  password: Secret | null
}>

/** Some part of what is wanted; what is missing is taken from further away from the service. */
export type BecomeWish<Text> = Readonly<{ become: boolean | null; user: Text | null; method: BecomeMethod | null }>

export const noWish: BecomeWish<never> = { become: null, user: null, method: null }

/** The first wish, and what is missing in it as the second has it. */
export const orElse = <Text>(wish: BecomeWish<Text>, otherwise: BecomeWish<Text> = noWish): BecomeWish<Text> => ({
  become: wish.become ?? otherwise.become,
  user: wish.user ?? otherwise.user,
  method: wish.method ?? otherwise.method,
})

/** What tells it from other ways to be somebody on the same host. */
export const becomeKey = (become: Become | null): string => (become === null ? '' : `${become.method} ${become.user}`)

/** `root by sudo`, or `the login itself`. */
export const becomeInWords = (become: Become | null): string =>
  become === null ? 'the login itself' : `${become.user} by ${become.method}`

/** Why a host did not let us become somebody. */
export type BecomeRefusal =
  | 'NeedsTerminal'
  | 'PasswordNeeded'
  | 'WrongPassword'
  | 'NotInSudoers'
  | 'NotAllowed'
  | 'Expired'
  | 'NotInstalled'
  | 'UnknownUser'
  /** Something else, quoted. */
  | 'Other'
