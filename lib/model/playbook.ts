/** What should be so: services and their desired state on hosts. */
import type { Become, BecomeWish } from './become.js'
import type { AfterMoment, Catalog, HostService } from './catalog.js'
import type { HostPattern, Route } from './inventory.js'
import type { HostName, ServiceName } from './names.js'
import type { Placed, SourcePos } from './place.js'
import type { InputWarning } from './problem.js'
import type { Redaction } from './redact.js'
import type { Batch, Rollout, WrittenRollout } from './rollout.js'
import type { Hole, Template, Variables } from './template.js'

export type Playbook = Readonly<{ file: string; plays: readonly Play[] }>

export type Play = Readonly<{
  name: string
  at: SourcePos
  hosts: HostPattern
  catalog: Catalog
  services: readonly Wish[]
  become: BecomeWish<Template>
  rollout: WrittenRollout
  /** They win over the inventory's. */
  vars: Variables
}>

/** One service of a play, and what it should be. */
export type Wish = Readonly<{
  service: Placed<ServiceName>
  /** They win over the play's and the service's own. */
  vars: Variables
  /** Where one of them does not hold, nothing is wished of that host. */
  when: readonly Hole[]
  /** Its own and those of the play. */
  tags: readonly string[]
}> &
  Desire

export const desiredStates = ['running', 'stopped'] as const
export type DesiredState = (typeof desiredStates)[number]

export type Desire = Readonly<{
  state: DesiredState
  /**
   * Milliseconds since 1970: every process that a stop would end has to be younger than that. What is, is left alone, so
   * that a restart which was cut short can be taken up again.
   */
  startedAfterMs: number | null
}>

/** One service on one host, and what it should be. `hooksDue`: those that an earlier run has left undone. */
export type DesiredService = Readonly<{
  service: HostService
  hooksDue: readonly AfterMoment[]
  tags?: readonly string[]
}> &
  Desire

/** A play, or one batch of it, with its patterns and variables resolved. */
export type ExpandedPlay = Readonly<{
  name: string
  desired: readonly DesiredService[]
  /** Services that others require and this does not start or stop: looked at, never touched. */
  prerequisites: readonly HostService[]
  /** Instances elsewhere of services whose `maxUnavailable` counts: looked at before one is taken away. */
  witnesses?: readonly HostService[]
  /** What part of a play it is; a play without one goes over its hosts at once, and nothing is waited for. */
  part?: PlayPart
}>

/** All services that a play has to do with: those that it settles, and those that are only looked at. */
export const servicesOf = ({ desired, prerequisites, witnesses = [] }: ExpandedPlay): readonly HostService[] => [
  ...desired.map(({ service }) => service),
  ...prerequisites,
  ...witnesses,
]

export type PlayPart = Readonly<{
  /** Which play of the playbook, from 0; its batches follow one another. */
  play: number
  batch: Batch
  rollout: Rollout
  /** The hosts of all batches. */
  hosts: number
  /** What the batches before it have to do with: this one comes after it. */
  earlier: readonly DesiredService[]
}>

/** Everything there is to know before the first look. */
export type Expansion = Readonly<{
  plays: readonly ExpandedPlay[]
  routes: ReadonlyMap<HostName, Route>
  /** As whom each host is looked at; a host that is not in here, as the login. */
  lookAs: ReadonlyMap<HostName, Become>
  /** Each once. */
  warnings?: readonly InputWarning[]
  /** What has to be hidden of it wherever it is shown or written down. */
  redactions?: readonly Redaction[]
}>
