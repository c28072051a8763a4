/** What a service is: how it is recognised, started and stopped. First as written, then as it is on one host. */
import type { HostPattern } from './inventory.js'
import type { ListenAddress } from './listen-address.js'
import type { HostName, ProcessName, ServiceName, VariableName } from './names.js'
import type { Placed, SourcePos } from './place.js'
import type { Template } from './template.js'

export type Catalog = ReadonlyMap<ServiceName, CatalogService>

export type CatalogService = Readonly<{
  name: ServiceName
  at: SourcePos
  hosts: HostPattern
  requires: readonly Placed<ServiceName>[]
  /** Init scripts, each called with `start` or `stop`; of several, the first that is on the host. */
  scripts: readonly Template[]
  start: Template | null
  stop: StopRules & Readonly<{ command: Template | null }>
  processes: readonly CatalogProcess[]
  ready: ReadyRules
}>

export type CatalogProcess = Readonly<{
  name: ProcessName
  at: SourcePos
  /** Tokens that stand side by side, in this order, in the arguments of the process, the program's own name included. */
  args: readonly Template[]
  listens: readonly Template[]
  start: Template | null
  stop: Template | null
  /** `keep`: a stop leaves it running, by design. */
  onStop: 'stop' | 'keep'
  each: Readonly<{ linesOf: Template; as: readonly VariableName[] }> | null
}>

/** `withinMs`: from the start to running. `stableMs`: how long it must then stay so. */
type ReadyRules = Readonly<{ withinMs: number; stableMs: number }>

/** `withinMs`: from the stop to gone. `escalation`: what is sent, and waited for, when that time is over. */
type StopRules = Readonly<{ withinMs: number; escalation: readonly Escalation[] }>
export type Escalation =
  | Readonly<{ _tag: 'Signal'; name: 'TERM' | 'INT' | 'HUP' | 'QUIT' | 'KILL' }>
  | Readonly<{ _tag: 'Pause'; ms: number }>

/** A service on one host: every variable of the inventory is filled in, those of an instance are not yet. */
export type HostService = Readonly<{
  host: HostName
  name: ServiceName
  requires: readonly ServiceName[]
  scripts: readonly string[]
  start: string | null
  stop: StopRules & Readonly<{ command: string | null }>
  processes: readonly HostProcess[]
  ready: ReadyRules
}>

export type HostProcess = Readonly<{
  name: ProcessName
  args: readonly Template[]
  listens: readonly ListenAddress[]
  start: Template | null
  stop: Template | null
  onStop: 'stop' | 'keep'
  each: Readonly<{ linesOf: string; as: readonly VariableName[] }> | null
}>

/** One process that should be there once: a process of the catalog, or one line's worth of an `each`. */
export type Instance = Readonly<{
  process: ProcessName
  /** `tomcat`, or what tells it from its siblings: `Dns`. */
  label: string
  args: readonly string[]
  listens: readonly ListenAddress[]
  start: string | null
  stop: string | null
  onStop: 'stop' | 'keep'
}>
