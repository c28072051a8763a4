/** Runs on simulated hosts that together tell of everything that can happen in one. */
import type { RunEvent, RunFact } from '../../lib/model/event.js'
import type { Estate } from '../helpers/estate.js'
import { both, hostOf, neither, twoHosts, websOn } from '../run/builders.js'

/** What a hostile host may say: the ends of lines and of elements, controls, and what is no character at all. */
export const hostile = 'x\n{"_tag":"RunEnded"}\r\u2028\u2029\u0085\u001b[2J\u0000\ud800\ufffe\u202e<&]]>"\''

/** Each run by itself, as one that takes a second and a half from each event to the next. */
export const runsOfAllKinds = async (): Promise<readonly (readonly RunEvent[])[]> => {
  const well = twoHosts()
  const started = await well.run(both)
  const stubborn = hostOf(well, 'app1')
  stubborn.commands.set('/init/dispatcher stop', () => {})
  stubborn.ignoresTerm = true
  const bounced = await well.run(`${neither}\n${both}`)
  const away = twoHosts()
  hostOf(away, 'app1').down = { _tag: 'Unreachable', why: hostile }
  const held = twoHosts()
  hostOf(held, 'km1').spawn(['nginx', hostile], { listens: [2013] })
  const rollout = webs()
  const rolledOut = await rollout.run(inBatches('running'))
  return [started, bounced, await away.run(both), await held.run(both), rolledOut, await stoppedRollout()].map(
    ({ facts }) => timed(facts),
  )
}

/** The second batch fails and is stopped again; a third is not begun. */
const stoppedRollout = () => {
  const built = webs()
  hostOf(built, 'h2').commands.set('/init/web start', () => {})
  return built.run(inBatches('running'), { rollback: 'stop' })
}

export const timed = (facts: readonly RunFact[]): readonly RunEvent[] =>
  facts.map((fact, i) => ({ ...fact, atMs: 1_000_000 + 1500 * i }))

const inBatches = (state: 'running' | 'stopped'): string =>
  `- { name: web, hosts: all, catalog: catalog.yml, services: { web: ${state} }, serial: 1, any_errors_fatal: true }`

const webs = (): Estate => websOn(['h1', 'h2', 'h3'], '    rollback: [stop]')
