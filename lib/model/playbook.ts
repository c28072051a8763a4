/** What should be so: services and their desired state on hosts. */
import type { Catalog, HostService } from './catalog.js'
import type { HostPattern, Route } from './inventory.js'
import type { HostName, ServiceName } from './names.js'
import type { Placed, SourcePos } from './place.js'

export type Playbook = Readonly<{ file: string; plays: readonly Play[] }>

export type Play = Readonly<{
  name: string
  at: SourcePos
  hosts: HostPattern
  catalog: Catalog
  services: readonly Readonly<{ service: Placed<ServiceName>; state: DesiredState }>[]
}>

export const desiredStates = ['running', 'stopped'] as const
export type DesiredState = (typeof desiredStates)[number]

/** One service on one host, and what it should be. */
export type DesiredService = Readonly<{ service: HostService; state: DesiredState }>

/** A play with its patterns and variables resolved. */
export type ExpandedPlay = Readonly<{
  name: string
  desired: readonly DesiredService[]
  /** Services that others require and this play does not start or stop: looked at, never touched. */
  prerequisites: readonly HostService[]
}>

/** Everything there is to know before the first look. */
export type Expansion = Readonly<{ plays: readonly ExpandedPlay[]; routes: ReadonlyMap<HostName, Route> }>
