/** The address book: hosts, the groups they are in, and what is known about each. */
import type { HostName } from './names.js'
import type { SourcePos } from './place.js'
import type { Variables } from './template.js'

export type Inventory = Readonly<{
  file: string
  hosts: ReadonlyMap<HostName, Host>
  /** Every group with all hosts in it or in a group below it, in the order they were written; `all` is one. */
  groups: ReadonlyMap<string, readonly HostName[]>
}>

export type Host = Readonly<{ name: HostName; at: SourcePos; variables: Variables }>

/** How to get to a host; from its `ansible_*` variables. */
export type Route =
  | Readonly<{ _tag: 'Local' }>
  | Readonly<{ _tag: 'Ssh'; address: string; port: number; user: string | null; keyFile: string | null }>

/**
 * Which hosts: the union of its terms, cut with the `&` ones, less the `!` ones, as in Ansible
 * (docs.ansible.com, "Patterns: targeting hosts and groups").
 */
export type HostPattern = Readonly<{ text: string; terms: readonly PatternTerm[]; at: SourcePos | null }>
export type PatternTerm = Readonly<{ kind: 'union' | 'intersection' | 'exclusion'; glob: string }>
