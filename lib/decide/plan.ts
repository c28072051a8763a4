/** The plan: for every service of a play on every host, what is to be done and what that comes after. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService } from '../model/catalog.js'
import { groupBy, groupByEach } from '../model/group-by.js'
import type { HostName, ServiceName } from '../model/names.js'
import type { Looks, Observation } from '../model/observation.js'
import { isAct, type Plan, type PlannedPlay, type Step, type StepId, stepId } from '../model/plan.js'
import type { DesiredService, DesiredState, ExpandedPlay } from '../model/playbook.js'
import type { Verdict } from '../model/verdict.js'
import { verdictInWords } from '../model/words.js'
import { decideAction } from './action.js'
import { hooksAround, unlessHooksAreDue } from './hooks.js'
import { judge, judgeOn } from './judge.js'
import { predict } from './predict.js'

/** Later plays are planned on what the earlier ones should lead to. */
export const planPlaybook = (plays: readonly ExpandedPlay[], looks: Looks): Plan => {
  const planned: PlannedPlay[] = []
  let expected = looks
  for (const play of plays) {
    const next = planPlay(play, expected)
    planned.push(next)
    if (plays.length > 1) expected = predict(play, next, expected)
  }
  return { plays: planned }
}

/** What must change and in what order. Pure: equal inputs, in any order, give equal steps. */
export const planPlay = (play: ExpandedPlay, looks: Looks): PlannedPlay => {
  const sorted = [...play.desired].sort(byPlace)
  const needs = requirements(play, looks)
  const neighbours = neighboursOf([...sorted, ...(play.part?.earlier ?? [])])
  const byHost = servicesByHost([...sorted.map(({ service }) => service), ...play.prerequisites])
  const steps = [...groupBy(sorted, ({ service }) => service.host)].flatMap(([host, desired]) => {
    const verdictOf = verdictsBy(lookAtHost(looks, host), byHost.get(host) ?? [])
    return desired.map(one => order(planStep(one, verdictOf(one.service)), one.service, neighbours, needs))
  })
  const { name, part } = play
  return { name, ...(part === undefined ? {} : { batch: part.batch, rollout: part.rollout }), steps: inOrder(steps) }
}

/** Every host of a play is looked at before it is planned; this says so, should one have been left out. */
export const lookAtHost = (looks: Looks, host: HostName): E.Either<string, Observation> =>
  looks.get(host) ?? E.left('it was not looked at')

/** To tell the processes of those that share a host. */
export const servicesByHost = (services: readonly HostService[]): ReadonlyMap<HostName, readonly HostService[]> =>
  groupBy(services, ({ host }) => host)

const byPlace = (a: DesiredService, b: DesiredService): number =>
  compare(a.service.host, b.service.host) || compare(a.service.name, b.service.name)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

type Found = E.Either<string, Verdict>

const verdictsBy = (
  look: E.Either<string, Observation>,
  others: readonly HostService[],
): ((service: HostService) => Found) => {
  if (E.isLeft(look)) return () => look
  const judged = judgeOn(look.right, others)
  return service => E.right(judged(service))
}

const planStep = (desired: DesiredService, found: Found): Step => {
  const { service, state, startedAfterMs, hooksDue } = desired
  const place = {
    id: stepId(service),
    host: service.host,
    service: service.name,
    desired: state,
    startedAfterMs,
    hooks: [],
    after: [],
  }
  if (E.isLeft(found)) return { ...place, found: null, action: { _tag: 'Unreachable', why: found.left } }
  const verdict = found.right
  const action = unlessHooksAreDue(decideAction(service, { state, startedAfterMs }, verdict), desired)
  const mostAway = action._tag === 'Restart' ? service.maxUnavailable : null
  const hooks = hooksAround(action, service, hooksDue)
  return { ...place, found: verdict, action, hooks, ...(mostAway === null ? {} : { mostAway }) }
}

/** Of a service that is required and not in the play: why it cannot be relied on, or null. */
type Requirements = ReadonlyMap<ServiceName, string | null>

const requirements = (play: ExpandedPlay, looks: Looks): Requirements => {
  const needs = new Map<ServiceName, string | null>()
  for (const service of play.prerequisites) {
    const look = lookAtHost(looks, service.host)
    const verdict = E.isLeft(look) ? null : judge(service, look.right)
    const lack = E.isLeft(look) ? `cannot be seen there: ${look.left}` : verdict && lackOf(verdict)
    const before = needs.get(service.name) ?? null
    needs.set(service.name, before ?? (lack === null ? null : `${service.name} on ${service.host}, which is ${lack}`))
  }
  return needs
}

const lackOf = (verdict: ReturnType<typeof judge>): string | null =>
  verdict._tag === 'running' ? null : verdictInWords(verdict)

/** What a start or a stop of a service comes after: one list for all hosts, however many are on it. */
type Neighbours = Readonly<{
  beforeStart: (requires: readonly ServiceName[]) => readonly StepId[]
  beforeStop: (name: ServiceName) => readonly StepId[]
}>

const neighboursOf = (desired: readonly DesiredService[]): Neighbours => {
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
const order = (step: Step, service: HostService, neighbours: Neighbours, needs: Requirements): Step => {
  if (!isAct(step.action)) return step
  if (step.desired === 'stopped') return { ...step, after: neighbours.beforeStop(step.service) }
  const lack = service.requires.map(required => needs.get(required) ?? null).find(found => found !== null) ?? null
  if (lack !== null) {
    const wayOut = 'start it first; this play neither starts nor stops it'
    return { ...step, hooks: [], action: { _tag: 'Refuse', why: `it requires ${lack}`, wayOut } }
  }
  return { ...step, after: neighbours.beforeStart(service.requires) }
}

const idsOf = (desired: readonly DesiredService[], state: DesiredState): readonly StepId[] =>
  desired.filter(one => one.state === state).map(({ service }) => stepId(service))

/** Each step behind all that it comes after, so that a plan reads from top to bottom. */
const inOrder = (steps: readonly Step[]): readonly Step[] => {
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
