/** What each step of a play comes after, and the order in which a plan is read. */

import type { HostService } from '../model/catalog.js'
import { groupBy, groupByEach } from '../model/group-by.js'
import type { ServiceName } from '../model/names.js'
import { isAct, type Step, type StepId, stepId } from '../model/plan.js'
import type { DesiredService, DesiredState } from '../model/playbook.js'
import { besides } from './beside.js'
import type { RefusalOf } from './refusals.js'

/** What a start or a stop of a service comes after: one list for all hosts, unless something is required on the same host. */
type Neighbours = Readonly<Record<'beforeStart' | 'beforeStop', (service: HostService) => readonly StepId[]>>

export const neighboursOf = (desired: readonly DesiredService[]): Neighbours => {
  const named = groupBy(desired, ({ service }) => service.name)
  const requiring = groupByEach(desired, ({ service }) => service.requires)
  const startAnywhere = once(
    (requires: readonly ServiceName[]) => requires.join(' '),
    requires =>
      idsOf(
        requires.flatMap(name => named.get(name) ?? []),
        'running',
      ),
  )
  const stopAnywhere = once(
    (name: ServiceName) => name,
    name => idsOf(requiring.get(name) ?? [], 'stopped'),
  )
  const { startHere, stopHere } = hereOf(desired)
  return {
    beforeStart: service => joined(startAnywhere(service.requires), startHere(service)),
    beforeStop: service => joined(stopAnywhere(service.name), stopHere(service)),
  }
}

/** What is required on the same host. */
const hereOf = (desired: readonly DesiredService[]) => {
  const requiring = groupByEach(desired, ({ service }) => besides(service))
  const required = groupBy(
    desired.filter(({ service }) => requiring.size > 0 && requiring.has(stepId(service))),
    ({ service }) => stepId(service),
  )
  return {
    startHere: (service: HostService) =>
      idsOf(
        besides(service).flatMap(id => required.get(id) ?? []),
        'running',
      ),
    stopHere: (service: HostService) =>
      requiring.size === 0 ? [] : idsOf(requiring.get(stepId(service)) ?? [], 'stopped'),
  }
}

/** The list that many share stays the one that it is. */
const joined = (shared: readonly StepId[], own: readonly StepId[]): readonly StepId[] =>
  own.length === 0 ? shared : [...shared, ...own]

const once = <A, B>(keyOf: (one: A) => string, make: (one: A) => B): ((one: A) => B) => {
  const made = new Map<string, B>()
  return one => {
    const key = keyOf(one)
    const value = made.get(key) ?? make(one)
    made.set(key, value)
    return value
  }
}

/** A start comes after what it requires, wherever that is; a stop after what requires it. */
export const order = (step: Step, service: HostService, neighbours: Neighbours, refusal: RefusalOf): Step => {
  if (!isAct(step.action)) return step
  if (step.desired === 'stopped') return { ...step, after: neighbours.beforeStop(service) }
  const action = refusal(service)
  if (action !== null) return { ...step, hooks: [], action }
  return { ...step, after: neighbours.beforeStart(service) }
}

const idsOf = (desired: readonly DesiredService[], state: DesiredState): readonly StepId[] =>
  desired.filter(one => one.state === state).map(({ service }) => stepId(service))

/** Each step behind all that it comes after, so that a plan reads from top to bottom. */
export const inOrder = (steps: readonly Step[]): readonly Step[] => {
  if (steps.every(({ after }) => after.length === 0)) return steps
  const byId = new Map(steps.map(step => [step.id, step]))
  const depths = new Map<Step['after'], number>()
  const depthOf = ({ after }: Step): number => {
    const known = depths.get(after)
    if (known !== undefined) return known
    const before = after.flatMap(id => byId.get(id) ?? [])
    const depth = before.reduce((most, step) => Math.max(most, depthOf(step) + 1), 0)
    depths.set(after, depth)
    return depth
  }
  return [...steps].sort((a, b) => depthOf(a) - depthOf(b))
}
