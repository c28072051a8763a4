/** What a service is: how it is recognised, started and stopped. First as written, then as it is on one host. */
import type { Become, BecomeWish } from './become.js'
import type { HostPattern } from './inventory.js'
import type { ListenAddress } from './listen-address.js'
import type { HostName, ProcessName, ServiceName, VariableName } from './names.js'
import type { Placed, SourcePos } from './place.js'
import type { Check, ReadyRules, WrittenCheck } from './ready.js'
import type { Rollback, Share } from './rollout.js'
import type { LineTemplate, Template, Variables } from './template.js'

export type Catalog = ReadonlyMap<ServiceName, CatalogService>

export type CatalogService = Readonly<{
  name: ServiceName
  at: SourcePos
  hosts: HostPattern
  requires: readonly Requirement[]
  /** Init scripts, each called with `start` or `stop`; of several, the first that is on the host. */
  scripts: readonly Template[]
  start: Template | null
  stop: StopRules & Readonly<{ command: Template | null }>
  processes: readonly CatalogProcess[]
  ready: ReadyRules<WrittenCheck>
  /** Files whose ends are shown with a failure. */
  logs: readonly Template[]
  hooks: Hooks<Template>
  become: BecomeWish<Template>
  maxUnavailable: Share | null
  rollback: readonly Rollback[]
  places: Places
  /** Variables that give way to those of the inventory, and variables that win over them and over the play's. */
  defaults: Variables
  vars: Variables
}> &
  Policies

/** A service that has to run first: on all hosts that it lives on, or on the one of the service that requires it. `isSaid`: is it written where? */
export type Requirement = Placed<ServiceName> & Readonly<{ where: RequiredWhere; isSaid: boolean }>
export const requiredWheres = ['all_hosts', 'same_host'] as const
export type RequiredWhere = (typeof requiredWheres)[number]

/** Where it is written what a warning may be about; null where it is not. `hasReady`: is there a `ready`? `escalation`: of each step of the escalation. `requires`: of what is required by its name alone. */
type Places = Readonly<{
  hasReady: boolean
  stable: SourcePos | null
  stopWithin: SourcePos | null
  escalation: readonly SourcePos[]
  requires: readonly Placed<ServiceName>[]
}>

/** What may be done about verdicts that are refused otherwise. */
type Policies = Readonly<{
  /** `keep_port_owner`: of several copies, the one that holds the declared port stays and the others are ended. */
  onDuplicate: 'fail' | 'keep_port_owner'
  /** `restart`: what hangs is stopped and started again. */
  onHung: 'fail' | 'restart'
}>

/** Commands around a start and a stop, for draining a balancer and the like; each in the order it is written. */
type Hooks<Text> = Readonly<Record<HookMoment, readonly Hook<Text>[]>>
export type HookMoment = 'beforeStart' | 'afterStart' | 'beforeStop' | 'afterStop'
export type AfterMoment = Extract<HookMoment, 'afterStart' | 'afterStop'>

export type Hook<Text> = Readonly<{
  command: Text
  /** The host of the service, or the machine that steward runs on. */
  on: 'host' | 'controller'
  /** Where this command ends with 0, the hook is left out. */
  unless: Text | null
  withinMs: number
}>

/** How a process is recognised: all that is declared has to fit. */
export type Recognition<Text> = Readonly<{
  /** Arguments that stand side by side, in this order, exactly so; the program's own name is one. */
  args: readonly Text[]
  /** Each has to fit one whole argument: `*` stands for anything, `?` for one character. */
  globs: readonly Text[]
  /** The same for regular expressions in RE2's syntax, which cannot be made to run for ever. */
  patterns: readonly Text[]
  /** The file it runs, and the folder it works in, as absolute paths without symbolic links. */
  exe: Text | null
  cwd: Text | null
  /** The name or the number of the user it runs as. */
  user: Text | null
  /** A process of the same service that has started it. */
  parent: ProcessName | null
  /** It lives in a pid namespace below the host's, such as a container's; elsewhere such processes do not count. */
  contained: boolean
}>

export type CatalogProcess = Recognition<Template> &
  Readonly<{
    name: ProcessName
    at: SourcePos
    listens: readonly Template[]
    start: Template | null
    stop: Template | null
    /** `keep`: a stop leaves it running, by design. */
    onStop: 'stop' | 'keep'
    each: Readonly<{ linesOf: Template; as: readonly VariableName[] }> | null
  }>

/** `withinMs`: from the stop to gone. `escalation`: what is sent, and waited for, when that time is over. */
type StopRules = Readonly<{ withinMs: number; escalation: readonly Escalation[] }>
export type Escalation =
  | Readonly<{ _tag: 'Signal'; name: 'TERM' | 'INT' | 'HUP' | 'QUIT' | 'KILL' }>
  | Readonly<{ _tag: 'Pause'; ms: number }>

/** A service on one host: every variable of the inventory is filled in, those of an instance are not yet. */
export type HostService = Readonly<{
  host: HostName
  name: ServiceName
  /** Where the catalog defines it. */
  at: SourcePos
  /** Wherever they live. */
  requires: readonly ServiceName[]
  /** On its own host; none of `requires`. */
  requiresHere: readonly ServiceName[]
  scripts: readonly string[]
  start: string | null
  stop: StopRules & Readonly<{ command: string | null }>
  processes: readonly HostProcess[]
  ready: ReadyRules<Check>
  logs: readonly string[]
  hooks: Hooks<string>
  /** As whom it is started, stopped and signalled; null: as the login. */
  become: Become | null
  /** A restart leaves no more than `most` of its `of` instances on all hosts away at once; null: that is not counted. */
  maxUnavailable: Readonly<{ most: number; of: number }> | null
  rollback: readonly Rollback[]
  places: Places
}> &
  Policies

export type HostProcess = Recognition<LineTemplate> &
  Readonly<{
    name: ProcessName
    at: SourcePos
    listens: readonly ListenAddress[]
    start: LineTemplate | null
    stop: LineTemplate | null
    onStop: 'stop' | 'keep'
    each: Readonly<{ linesOf: string; as: readonly VariableName[] }> | null
  }>

/** One process that should be there once: a process of the catalog, or one line's worth of an `each`. */
export type Instance = Recognition<string> &
  Readonly<{
    process: ProcessName
    /** `tomcat`, or what tells it from its siblings: `Dns`. */
    label: string
    listens: readonly ListenAddress[]
    start: string | null
    stop: string | null
    onStop: 'stop' | 'keep'
  }>
