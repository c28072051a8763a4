/** Plays at random over an estate with duplicates, strangers and dead hosts: a run tells just what its plan foresees. */
import * as assert from 'uvu/assert'
import type { RunFact } from '../../lib/model/event.js'
import type { Plan, Step } from '../../lib/model/plan.js'
import { type Estate, estate } from '../helpers/estate.js'
import { pick, type Random, type Soaking, soak } from '../helpers/random.js'
import { hostOf } from './builders.js'

/** What was skipped, by the first words of why, and how much was done all the same. */
export type Foreseen = Readonly<{ done: number; skipped: ReadonlyMap<string, number> }>

export const foreseeAtRandom = async (soaking: Soaking): Promise<Foreseen> => {
  let done = 0
  const skipped = new Map<string, number>()
  await soak(soaking, async random => {
    const parts = Array.from({ length: 1 + random(7) }, (_, i) => partAtRandom(i, random))
    const built = build(parts, random)
    const plays = Array.from({ length: 1 + random(3) }, () => playAtRandom(parts, random))
    const book = isAccepted(built, plays) ? JSON.stringify(plays) : JSON.stringify(plays.map(atOnce))
    const plan = await built.plan(book)
    const { facts, exitCode } = await built.run(book)
    const [told, foreseen] = [facts.flatMap(toldIn), foreseenIn(plan)]
    const odd = [
      ...told.filter(end => !foreseen.includes(end)).map(end => `told ${end}`),
      ...foreseen.filter(end => !told.includes(end)).map(end => `foreseen ${end}`),
    ]
    assert.equal(odd, [], `${odd.join(', ')} of ${book}`)
    const ends = new Set(foreseen.map(end => end.split(' ').at(-1)))
    assert.is(exitCode, ends.has('unreachable') ? 4 : ends.has('failed') ? 2 : 0)
    for (const step of plan.plays.flatMap(({ steps }) => steps)) {
      const why = step.skipped?.split(' ').slice(0, 3).join(' ')
      if (why !== undefined) skipped.set(why, (skipped.get(why) ?? 0) + 1)
      else if (step.action._tag === 'Start' || step.action._tag === 'Stop') done += 1
    }
  })
  return { done, skipped }
}

/** Batches may part what requires each other. */
const isAccepted = (built: Estate, plays: readonly object[]): boolean => {
  try {
    return built.expand(JSON.stringify(plays)).plays.length > 0
  } catch {
    return false
  }
}

const atOnce = ({ serial: _, ...play }: ReturnType<typeof playAtRandom>) => play

const foreseenIn = ({ plays }: Plan): string[] =>
  plays.flatMap(({ steps }, i) => steps.map(step => `${i} ${step.id} ${endOf(step)}`))

const endOf = ({ action, skipped }: Step): string => {
  if (skipped !== undefined) return 'skipped'
  if (action._tag === 'None') return 'ok'
  if (action._tag === 'Refuse') return 'failed'
  return action._tag === 'Unreachable' ? 'unreachable' : 'changed'
}

const toldIn = (fact: RunFact): readonly string[] => {
  switch (fact._tag) {
    case 'StepSucceeded':
      return [`${fact.play} ${fact.id} ${fact.changed ? 'changed' : 'ok'}`]
    case 'StepFailed':
      return [`${fact.play} ${fact.id} failed`]
    case 'StepUnreachable':
      return [`${fact.play} ${fact.id} unreachable`]
    case 'StepSkipped':
      return [`${fact.play} ${fact.id} skipped`]
    default:
      return []
  }
}

const hosts = ['h0', 'h1', 'h2', 'h3'] as const

type Part = Readonly<{ name: string; port: number; hosts: readonly string[]; requires: readonly string[] }>

const partAtRandom = (i: number, random: Random): Part => ({
  name: `s${i}`,
  port: 3000 + i,
  hosts: [...new Set([pick(hosts, random), ...hosts.filter(() => random(3) === 0)])],
  requires: [...new Set(Array.from({ length: random(3) }, () => random(i + 1)))].filter(n => n < i).map(n => `s${n}`),
})

type State = 'running' | 'stopped'
type Batches = Readonly<{ serial?: number | readonly number[]; max_fail_percentage?: number }>

/** Some of the services. None may be started in it that requires one which it stops. */
const playAtRandom = (parts: readonly Part[], random: Random) => {
  const states = new Map<string, State>()
  for (const { name, requires } of parts) {
    if (random(4) === 0) continue
    const isBare = requires.some(one => states.get(one) === 'stopped')
    states.set(name, isBare || random(4) === 0 ? 'stopped' : 'running')
  }
  return {
    hosts: 'all',
    catalog: 'catalog.yml',
    services: Object.fromEntries(states.size === 0 ? [['s0', 'running']] : states),
    ...pick<Batches>([{}, {}, { serial: 1 }, { serial: 2 }, { serial: [1, 2], max_fail_percentage: 40 }], random),
    ...pick([{}, {}, { any_errors_fatal: true }], random),
  }
}

const build = (parts: readonly Part[], random: Random): Estate => {
  const services = parts.map(({ name, port, hosts, requires }) => [
    name,
    {
      hosts: hosts.join(':'),
      requires,
      script: `/init/${name}`,
      processes: { daemon: { args: [`-Dname=${name}`], listens: port } },
      ready: { within: '5s', stable: '1s' },
      stop: { within: '5s' },
    },
  ])
  const built = estate(
    JSON.stringify({ services: Object.fromEntries(services) }),
    `all: { hosts: { ${hosts.map(name => `${name}: `).join(', ')} } }`,
  )
  for (const part of parts) for (const name of part.hosts) teach(built, name, part, random)
  for (const name of hosts)
    if (random(8) === 0) hostOf(built, name).down = { _tag: 'Unreachable', why: 'it is switched off' }
  return built
}

/** Its scripts do what they say. What is there before: nothing, one, two, or a stranger at its port. */
const teach = (built: Estate, where: string, { name, port }: Part, random: Random): void => {
  const host = hostOf(built, where)
  const start = () => void host.spawn(['java', `-Dname=${name}`], { listens: [port] })
  host.scripts.add(`/init/${name}`)
  host.commands.set(`/init/${name} start`, start)
  host.commands.set(`/init/${name} stop`, () => {
    for (const { pid, args } of [...host.processes.values()])
      if (args.includes(`-Dname=${name}`)) host.processes.delete(pid)
  })
  const found = random(12)
  if (found === 0) host.spawn(['nc', '-l'], { listens: [port] })
  else for (let copies = found === 1 ? 2 : found % 2; copies > 0; copies -= 1) start()
}
