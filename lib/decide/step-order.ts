/** What each step of a play comes after, and the order in which a plan is read. */
import { groupBy, groupByEach } from '../model/group-by.js'
import type { ServiceName } from '../model/names.js'
import { isAct, type Step, type StepId, stepId } from '../model/plan.js'
import type { DesiredService, DesiredState } from '../model/playbook.js'

/** Of a service that is required and not in the play: why it cannot be relied on, or null. */
export type Requirements = ReadonlyMap<ServiceName, string | null>

/** What a start or a stop of a service comes after: one list for all hosts, however many are on it. */
type Neighbours = Readonly<{
  beforeStart: (requires: readonly ServiceName[]) => readonly StepId[]
  beforeStop: (name: ServiceName) => readonly StepId[]
}>

export const neighboursOf = (desired: readonly DesiredService[]): Neighbours => {
  const named = groupBy(desired, ({ service }) => service.name)
  const requiring = groupByEach(desired, ({ service }) => service.requires)
  return {
    beforeStart: once(
      requires => requires.join(' '),
      requires =>
        idsOf(
          requires.flatMap(name => named.get(name) ?? []),
          'running',
        ),
    ),
    beforeStop: once(
      name => name,
      name => idsOf(requiring.get(name) ?? [], 'stopped'),
    ),
  }
}

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
export const order = (
  step: Step,
  requires: readonly ServiceName[],
  neighbours: Neighbours,
  needs: Requirements,
): Step => {
  if (!isAct(step.action)) return step
  if (step.desired === 'stopped') return { ...step, after: neighbours.beforeStop(step.service) }
  const lack = requires.map(required => needs.get(required) ?? null).find(found => found !== null) ?? null
  if (lack !== null) {
    const wayOut = 'start it first; this play neither starts nor stops it'
    return { ...step, hooks: [], action: { _tag: 'Refuse', why: `it requires ${lack}`, wayOut } }
  }
  return { ...step, after: neighbours.beforeStart(requires) }
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
