/** Plays at random over services that require each other across hosts, and what must be so of every plan of them. */
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { planPlay } from '../../lib/decide/plan.js'
import type { HostName } from '../../lib/model/names.js'
import { isAct, type Step, type StepId, stepId } from '../../lib/model/plan.js'
import type { DesiredService, DesiredState } from '../../lib/model/playbook.js'
import { pick, type Random, type Soaking, soak } from '../helpers/random.js'
import { daemon, observation, process, service } from './builders.js'

type Counts = { starts: number; stops: number; waits: number }

/** No start before what it requires, on whichever host or on its own; no stop before what requires it; nothing waits for itself. */
export const planAtRandom = async (soaking: Soaking): Promise<Counts> => {
  const counts: Counts = { starts: 0, stops: 0, waits: 0 }
  await soak(soaking, random => {
    const { desired, looks } = playAtRandom(random)
    const { steps } = planPlay({ name: 'play', desired, prerequisites: [] }, looks)
    assertOrdered(desired, steps)
    for (const { action } of steps) {
      if (action._tag === 'Start') counts.starts += 1
      if (action._tag === 'Stop') counts.stops += 1
      if (action._tag === 'Wait') counts.waits += 1
    }
  })
  return counts
}

const assertOrdered = (desired: readonly DesiredService[], steps: readonly Step[]): void => {
  assert.equal(steps.map(({ id }) => id).sort(), desired.map(one => stepId(one.service)).sort())
  const place = new Map(steps.map(({ id }, i) => [id, i]))
  for (const step of steps) for (const before of step.after) assert.ok(at(place, before) < at(place, step.id), step.id)
  const byId = new Map(steps.map(step => [step.id, step]))
  for (const { service: one, state } of desired) {
    const step = byId.get(stepId(one))
    if (step === undefined || !isAct(step.action)) continue
    for (const other of desired) {
      const comesFirst = state === 'running' ? requires(one, other.service) : requires(other.service, one)
      if (!comesFirst || other.state !== state) continue
      assert.ok(step.after.includes(stepId(other.service)), `${step.id} does not wait for ${stepId(other.service)}`)
    }
  }
}

const at = (place: ReadonlyMap<StepId, number>, id: StepId): number => place.get(id) ?? Number.NaN

const requires = (one: DesiredService['service'], other: DesiredService['service']): boolean =>
  one.requires.includes(other.name) || (one.host === other.host && one.requiresHere.includes(other.name))

const hosts = ['h1', 'h2', 'h3', 'h4'] as const

/** Up to fifteen services on one to three hosts each, whole, in part, starting, twice there, or not at all. */
const playAtRandom = (random: Random) => {
  const parts = Array.from({ length: 1 + random(15) }, (_, i) => ({
    name: `s${i}`,
    requires: Array.from({ length: random(4) }, () => random(i + 1))
      .filter(n => n < i)
      .map(n => ({ name: `s${n}`, here: n % 2 === 0 })),
    hosts: hosts.filter(() => random(2) === 0),
    // Towards one end mostly, as playbooks are.
    state: pick<DesiredState>(random(3) === 0 ? ['running', 'stopped'] : ['running'], random),
  }))
  const turned = random(2) === 0
  const desired = parts.flatMap(part =>
    part.hosts.map(host => ({
      service: service(part.name, host, {
        requires: namesOf(part.requires.filter(({ here }) => !here)),
        requiresHere: namesOf(part.requires.filter(({ here }) => here)),
        processes: [
          daemon('main', [`-Dbase=${part.name}`], {
            port: 3000 + Number(part.name.slice(1)),
            start: `start ${part.name}`,
          }),
          daemon('side', [`/side/${part.name}`], random(2) === 0 ? { start: `side ${part.name}`, keep: true } : {}),
        ],
      }),
      state: turned ? (part.state === 'running' ? ('stopped' as const) : ('running' as const)) : part.state,
      startedAfterMs: null,
      hooksDue: [],
    })),
  )
  const scripts = new Map(parts.map(({ name }) => [`/init/${name}`, 'executable'] as const))
  const looks = new Map(
    hosts.map(host => {
      const mains = parts.flatMap(({ name }) => copiesAtRandom(`-Dbase=${name}`, random))
      const sides = parts.flatMap(({ name }) => copiesAtRandom(`/side/${name}`, random))
      const processes = [...mains, ...sides].map((args, i) => process(100 + i, args, { ageSeconds: 1 + random(100) }))
      return [host as HostName, E.right(observation(processes, [], { scripts }))] as const
    }),
  )
  return { desired: [...desired].sort(() => random(3) - 1), looks }
}

const namesOf = (all: readonly Readonly<{ name: string }>[]): readonly string[] => [
  ...new Set(all.map(({ name }) => name)),
]

const copiesAtRandom = (arg: string, random: Random): readonly (readonly string[])[] =>
  Array.from({ length: pick([0, 0, 1, 1, 1, 2], random) }, () => [arg])
