/** Why a verdict is what it is, and what would follow from it. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { HostService } from './catalog.js'
import type { HostName, ServiceName } from './names.js'
import type { Observation } from './observation.js'
import type { Action, PlannedHook } from './plan.js'
import type { Verdict } from './verdict.js'

export type Explanation = Readonly<{
  service: HostService
  observation: Observation
  verdict: Verdict
  /** What would be done if it should run, and what that waits for. */
  toRun: Consequence
  /** What would be done if it should be stopped, and what that waits for. */
  toStop: Consequence
}>

type Consequence = Readonly<{ action: Action; hooks: readonly PlannedHook[]; waitsFor: readonly Neighbour[] }>

/** A service that it requires, or that requires it; the Left says why it could not be looked at. */
export type Neighbour = Readonly<{ service: ServiceName; host: HostName; verdict: Either<string, Verdict> }>
