/** A restart as a playbook of its own: services, wherever they live, by processes younger than a moment. */
import * as TH from 'fp-ts/lib/These.js'
import { noWish } from '../model/become.js'
import type { Catalog } from '../model/catalog.js'
import type { HostPattern } from '../model/inventory.js'
import type { ServiceName } from '../model/names.js'
import type { Playbook } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { atOnce } from '../model/rollout.js'
import { openSurvey, surveyOf } from '../read/document.js'

/** Each service counts once; one that no catalog has is a mistake. */
export const surveyRestart = (
  names: readonly string[],
  catalogs: TH.These<InputProblems, Catalog>,
  startedAfterMs: number,
): TH.These<InputProblems, Playbook> => {
  const { problems, value: catalog } = openSurvey(catalogs)
  if (catalog === null) return surveyOf<Playbook>(problems, null)
  const known = [...catalog.keys()]
  // In what was read with mistakes, a service may only seem to be missing.
  const unknown = TH.isRight(catalogs) ? names.filter(name => !known.some(one => one === name)) : []
  const mistakes = unknown.map((service): InputProblem => ({ _tag: 'UnknownService', at: null, service, known }))
  if (names.length === 0) mistakes.push({ _tag: 'BadUsage', reason: 'no service is named' })
  const services = [...new Set(names)].flatMap(name => known.find(one => one === name) ?? [])
  return surveyOf([...problems, ...mistakes], restartOf(services, catalog, startedAfterMs))
}

/** What the run is called. */
export const restartTitle = (services: readonly string[], startedAfterMs: number): string =>
  `restart of ${services.join(', ')}, of all that was started before ${new Date(startedAfterMs).toISOString()}`

const everywhere: HostPattern = {
  text: 'all',
  terms: [{ kind: 'union', glob: 'all', isGlob: false, isRegex: false, slice: null, at: null }],
  at: null,
}

const restartOf = (services: readonly ServiceName[], catalog: Catalog, startedAfterMs: number): Playbook => {
  const at = { file: 'the command line', line: 1, column: 1 }
  const wishes = services.map(service => ({
    service: { value: service, at },
    state: 'running' as const,
    startedAfterMs,
    vars: new Map(),
    when: [],
    tags: [],
  }))
  const play = {
    name: `Restart ${services.join(', ')}`,
    at,
    hosts: everywhere,
    catalog,
    services: wishes,
    vars: new Map(),
    become: noWish,
    rollout: atOnce,
  }
  return { file: at.file, plays: [play] }
}
