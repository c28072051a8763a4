/** What sudoers(5) has to allow, so that steward can do what catalogs say. */
import type { HostName } from './names.js'

/** The same for all its hosts. */
export type SudoersRule = Readonly<{
  hosts: readonly HostName[]
  login: string
  /** Sorted, each once. */
  users: readonly string[]
}>

export type SudoersNeeds = Readonly<{
  rules: readonly SudoersRule[]
  /** Hosts on which nobody is become by sudo. */
  without: readonly HostName[]
  /** Becomes by doas or su, which sudoers cannot allow. */
  otherwise: readonly string[]
}>
