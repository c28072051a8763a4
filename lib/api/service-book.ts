/** Services in one state, wherever they live, as a playbook of its own: what start, stop and restart are of. */
import * as TH from 'fp-ts/lib/These.js'
import { noWish } from '../model/become.js'
import type { Catalog } from '../model/catalog.js'
import type { HostPattern } from '../model/inventory.js'
import type { ServiceName } from '../model/names.js'
import type { Desire, Playbook } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { atOnce } from '../model/rollout.js'
import { openSurvey, surveyOf } from '../read/document.js'

/** Each service counts once; one that no catalog has is a mistake. */
export const surveyServices = (
  names: readonly string[],
  catalogs: TH.These<InputProblems, Catalog>,
  desire: Desire,
): TH.These<InputProblems, Playbook> => {
  const { problems, value: catalog } = openSurvey(catalogs)
  if (catalog === null) return surveyOf<Playbook>(problems, null)
  const known = [...catalog.keys()]
  // In what was read with mistakes, a service may only seem to be missing.
  const unknown = TH.isRight(catalogs) ? names.filter(name => !known.some(one => one === name)) : []
  const mistakes = unknown.map((service): InputProblem => ({ _tag: 'UnknownService', at: null, service, known }))
  if (names.length === 0) mistakes.push({ _tag: 'BadUsage', reason: 'no service is named' })
  const services = [...new Set(names)].flatMap(name => known.find(one => one === name) ?? [])
  return surveyOf([...problems, ...mistakes], bookOf(services, catalog, desire))
}

/** A restart with its moment. */
export const restarted = (startedAfterMs: number): Desire => ({ state: 'running', startedAfterMs })

/** The command that brings it about. */
export const verbOf = ({ state, startedAfterMs }: Desire): 'start' | 'stop' | 'restart' => {
  if (state === 'stopped') return 'stop'
  return startedAfterMs === null ? 'start' : 'restart'
}

/** What the run is called. */
export const serviceTitle = (services: readonly string[], desire: Desire): string => {
  const { startedAfterMs } = desire
  const since =
    startedAfterMs === null ? '' : `, of all that was started before ${new Date(startedAfterMs).toISOString()}`
  return `${verbOf(desire)} of ${services.join(', ')}${since}`
}

const everywhere: HostPattern = {
  text: 'all',
  terms: [{ kind: 'union', glob: 'all', isGlob: false, isRegex: false, slice: null, at: null }],
  at: null,
}

const playWords = { start: 'Start', stop: 'Stop', restart: 'Restart' }

const bookOf = (services: readonly ServiceName[], catalog: Catalog, desire: Desire): Playbook => {
  const at = { file: 'the command line', line: 1, column: 1 }
  const wishes = services.map(service => ({
    service: { value: service, at },
    ...desire,
    vars: new Map(),
    when: [],
    tags: [],
  }))
  const play = {
    name: `${playWords[verbOf(desire)]} ${services.join(', ')}`,
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
