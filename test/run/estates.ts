/** Estates at random on simulated hosts: a run brings each as far as it can be brought, and the next one does nothing. */
import * as assert from 'uvu/assert'
import type { SimulatedHost } from '../../lib/remote/simulated/host.js'
import { type Ended, type Estate, estate } from '../helpers/estate.js'
import { pick, type Random, type Soaking, soak } from '../helpers/random.js'
import { hostOf, launched, whyFailed } from './builders.js'

type Result = { whole: number; failed: number; acts: number }

export const applyAtRandom = async (soaking: Soaking): Promise<Result> => {
  const result: Result = { whole: 0, failed: 0, acts: 0 }
  await soak(soaking, async random => {
    const parts = Array.from({ length: 1 + random(10) }, (_, i) => partAtRandom(i, random))
    const built = build(parts, random)
    const books = [playbook(parts), ...(random(3) === 0 ? [playbook(parts.map(flipped))] : [])]
    for (const book of books) {
      const first = await built.run(book)
      const acts = actsOf(built)
      assert.equal(acts, [...new Set(acts)], `done twice: ${whyFailed(first)}`)
      result.acts += acts.length
      forget(built)
      if (first.exitCode === 0) await assertNothingLeft(built, book, first)
      if (first.exitCode === 0) result.whole += 1
      else result.failed += 1
    }
  })
  return result
}

const assertNothingLeft = async (built: Estate, book: string, first: Ended): Promise<void> => {
  const second = await built.run(book)
  const said = JSON.stringify(second.facts.map(({ _tag }) => _tag))
  assert.equal([second.exitCode, actsOf(built)], [0, []], `after ${JSON.stringify(first.facts)}: ${said}`)
  assert.not.ok(
    second.facts.some(fact => fact._tag === 'StepStarted' || (fact._tag === 'StepSucceeded' && fact.changed)),
  )
}

const hosts = ['h0', 'h1', 'h2', 'h3'] as const

/** A start on one host is another than on the next; a signal goes to a pid, and those tell. */
const actsOf = (built: Estate): readonly string[] =>
  hosts.flatMap(host => launched(built, host).map(act => `${act} on ${host}`))

const forget = (built: Estate): void => {
  for (const name of hosts) hostOf(built, name).ran.length = 0
}

type Part = Readonly<{
  name: string
  hosts: readonly string[]
  requires: readonly string[]
  state: 'running' | 'stopped'
  /** Whether its script starts it, and stops it; how long its port takes. */
  starts: boolean
  stops: boolean
  opensMs: number
  keeps: boolean
  alone: boolean
  onDuplicate: string
}>

const partAtRandom = (i: number, random: Random): Part => ({
  name: `s${i}`,
  hosts: [pick(hosts, random), ...hosts.filter(() => random(4) === 0)],
  requires: Array.from({ length: random(3) }, () => random(i + 1))
    .filter(n => n < i)
    .map(n => `s${n}`),
  state: random(3) === 0 ? 'stopped' : 'running',
  starts: random(6) > 0,
  stops: random(3) > 0,
  opensMs: random(4) * 900,
  keeps: random(2) === 0,
  alone: random(3) > 0,
  onDuplicate: pick(['fail', 'keep_port_owner'], random),
})

const flipped = (part: Part): Part => ({ ...part, state: part.state === 'running' ? 'stopped' : 'running' })

/** A play may not start what requires something that it stops. */
const stateOf = (parts: readonly Part[], part: Part): Part['state'] => {
  const needs = parts.filter(({ name }) => part.requires.includes(name))
  return part.state === 'running' && needs.every(one => stateOf(parts, one) === 'running') ? 'running' : 'stopped'
}

const playbook = (parts: readonly Part[]): string => {
  const services = Object.fromEntries(parts.map(part => [part.name, stateOf(parts, part)]))
  return JSON.stringify([{ hosts: 'all', catalog: 'catalog.yml', services }])
}

const portOf = ({ name }: Part): number => 3000 + Number(name.slice(1))

const build = (parts: readonly Part[], random: Random): Estate => {
  const services = Object.fromEntries(parts.map(part => [part.name, definitionOf(part)]))
  const built = estate(JSON.stringify({ services }), `all: { hosts: { ${hosts.map(name => `${name}: `).join(', ')} } }`)
  for (const part of parts) for (const name of new Set(part.hosts)) teach(hostOf(built, name), part, random)
  return built
}

const definitionOf = (part: Part) => {
  const { name, requires, keeps, alone, onDuplicate } = part
  const main = { args: [`-Dname=${name}`], listens: portOf(part), ...(alone ? { start: `/${name}/main start` } : {}) }
  const side = { args: [`/${name}/side`], start: `/${name}/side start`, ...(keeps ? { on_stop: 'keep' } : {}) }
  return {
    hosts: [...new Set(part.hosts)].join(':'),
    requires: [...new Set(requires)],
    script: `/init/${name}`,
    processes: { main, side },
    ready: { within: '5s', stable: '1s' },
    stop: Object.fromEntries([
      ['within', '5s'],
      ['then', ['TERM', '2s', 'KILL']],
    ]),
    on_duplicate: onDuplicate,
  }
}

const teach = (host: SimulatedHost, part: Part, random: Random): void => {
  const { name, opensMs } = part
  const main = (): number => host.spawn(['java', `-Dname=${name}`], { listens: [portOf(part)], opensAfterMs: opensMs })
  const side = (): number => host.spawn(['sh', `/${name}/side`])
  const end = (): void => {
    for (const { pid, args } of [...host.processes.values()])
      if (args.includes(`-Dname=${name}`)) host.processes.delete(pid)
  }
  host.scripts.add(`/init/${name}`)
  host.ignoresTerm = random(4) === 0
  host.commands.set(`/${name}/main start`, () => void main())
  host.commands.set(`/${name}/side start`, () => void side())
  host.commands.set(`/init/${name} start`, () => (part.starts ? void [main(), side()] : undefined))
  host.commands.set(`/init/${name} stop`, part.stops ? end : () => {})
  // What is there before: nothing, all of it, a part of it, or too much.
  for (let copies = pick([0, 0, 0, 1, 1, 2], random); copies > 0; copies -= 1) {
    if (copies > 1) host.spawn(['java', `-Dname=${name}`])
    else main()
  }
  if (random(2) === 0) side()
}
