/** The address book: hosts, the groups they are in, and what is known about each. */
import type { BecomeWish } from './become.js'
import type { HostName } from './names.js'
import type { SourcePos } from './place.js'
import type { Secret } from './secret.js'
import type { Template, Variables } from './template.js'

export type Inventory = Readonly<{
  /** The sources it was read from, as they were named. */
  file: string
  hosts: ReadonlyMap<HostName, Host>
  /** Every group with all hosts in it or in a group below it, in Ansible's order; `all` is one. */
  groups: ReadonlyMap<string, readonly HostName[]>
  /** This machine, by the names that mean it where the inventory does not have them (`localhost`); in no group. */
  localhost?: ReadonlyMap<string, Host>
  /** Variables of the command line, which win over all others. */
  extra?: Variables
  /** As whom things are done where nobody else says it. */
  become?: BecomeWish<Template>
}>

export type Host = Readonly<{ name: HostName; at: SourcePos; variables: Variables }>

/** How to get to a host; from its `ansible_*` variables. */
export type Route = Readonly<{ _tag: 'Local' }> | SshRoute

/** Null: what ssh_config(5) says of the address, else what is usual. */
export type SshRoute = Readonly<{
  _tag: 'Ssh'
  address: string
  port: number | null
  user: string | null
  keyFile: string | null
  password?: Secret
  /** What else the inventory says, as after `ssh -o`; of two with one name the first counts, as there. */
  sshOptions?: readonly SshOption[]
  /** To be read instead of ~/.ssh/config, as with `ssh -F`. */
  configFile?: string
  /** By the system's own OpenSSH client instead of the built-in one. */
  client?: 'openssh'
}>

/** A name of ssh_config(5) as it is written there, and its value. */
export type SshOption = readonly [name: string, value: string]

/**
 * Which hosts: the union of its terms, cut with the `&` ones, less the `!` ones, as in Ansible
 * (docs.ansible.com, "Patterns: targeting hosts and groups").
 */
export type HostPattern = Readonly<{ text: string; terms: readonly PatternTerm[]; at: SourcePos | null }>
export type PatternTerm = Readonly<{
  kind: 'union' | 'intersection' | 'exclusion'
  /** A name, a glob, or a regular expression in RE2's syntax. */
  glob: string
  isGlob: boolean
  isRegex: boolean
  slice: Slice | null
  at: SourcePos | null
}>

/** Which of the hosts, counted from 0, or from the end where negative; without `to` it is one, else `to` is among them. */
export type Slice = Readonly<{ from: number; to: number | 'end' | null }>
