import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { estate } from '../helpers/estate.js'
import { describe } from '../helpers/test.js'
import { hostOf, launched } from './builders.js'

/** For each service: what it requires, on which host it is, whether its script works, and what is there before. */
type Part = Readonly<{
  requires: readonly number[]
  host: number
  works: boolean
  copies: number
  state: 'running' | 'stopped'
}>

const parts = fc.array(
  fc.record({
    requires: fc.array(fc.nat(6), { maxLength: 2 }),
    host: fc.nat(2),
    works: fc.boolean(),
    copies: fc.constantFrom(0, 0, 1, 1, 2),
    state: fc.constantFrom<Part['state']>('running', 'stopped'),
  }),
  { minLength: 1, maxLength: 7 },
)

describe('any estate', test => {
  test(
    'needs nothing more after a run that went well, and is started at most once where it did not',
    () =>
      fc.assert(
        fc.asyncProperty(parts, async written => {
          const built = build(written)
          const first = await built.run(playbook(written))
          for (const name of ['h0', 'h1', 'h2']) {
            const starts = launched(built, name).filter(command => command.endsWith(' start'))
            assert.equal(starts, [...new Set(starts)], 'a start was repeated')
          }
          for (const host of Object.values(built.hosts)) host.ran.length = 0
          const plan = await built.plan(playbook(written))
          const acts = plan.plays.flatMap(({ steps }) => steps).filter(({ action }) => action._tag !== 'None')
          if (first.exitCode === 0) assert.equal(acts, [])
        }),
        { numRuns: 150 },
      ),
    { timeoutMs: 60_000 },
  )
})

/** A play may not start what requires something that it stops. */
const stateOf = (written: readonly Part[], i: number): Part['state'] => {
  const part = written[i]
  const needs = requiresOf(part, i)
  return part?.state === 'running' && needs.every(n => stateOf(written, n) === 'running') ? 'running' : 'stopped'
}

const requiresOf = (part: Part | undefined, i: number): readonly number[] => [
  ...new Set(part?.requires.filter(n => n < i)),
]

const playbook = (written: readonly Part[]): string =>
  `- { hosts: all, catalog: catalog.yml, services: { ${written.map((_, i) => `s${i}: ${stateOf(written, i)}`).join(', ')} } }`

const build = (written: readonly Part[]) => {
  const services = written.map(
    (part, i) => `
  s${i}:
    hosts: h${part.host}
    requires: [${requiresOf(part, i)
      .map(n => `s${n}`)
      .join(', ')}]
    script: /init/s${i}
    processes: { daemon: { args: [-Dname=s${i}], listens: ${3000 + i} } }
    ready: { within: 5s, stable: 1s }
    stop: { within: 5s, then: [TERM, 2s] }`,
  )
  const built = estate(`services:${services.join('')}`, 'all: { hosts: { h0: , h1: , h2: } }')
  for (const [i, part] of written.entries()) {
    const host = hostOf(built, `h${part.host}`)
    const start = () => void host.spawn(['java', `-Dname=s${i}`], { listens: [3000 + i], opensAfterMs: 700 })
    host.scripts.add(`/init/s${i}`)
    host.commands.set(`/init/s${i} start`, part.works ? start : () => {})
    for (let copy = 0; copy < part.copies; copy += 1) start()
  }
  return built
}
