/** `--start-at`: a run that begins in the middle of its playbook. */
import * as E from 'fp-ts/lib/Either.js'
import { fitsGlob } from '../model/glob.js'
import { stepId } from '../model/plan.js'
import { type ExpandedPlay, type Expansion, servicesOf } from '../model/playbook.js'
import type { InputProblems } from '../model/problem.js'

/**
 * What comes before is left out: it is looked at where something that is left requires it, and never touched. `word` is
 * the name of a play, a glob that fits one, or a host, whose first batch is then begun with.
 */
export const startAt = (expansion: Expansion, word: string): E.Either<InputProblems, Expansion> => {
  const { plays } = expansion
  const first = [
    plays.findIndex(({ name }) => name === word),
    plays.findIndex(({ name }) => fitsGlob(word, name)),
    plays.findIndex(({ desired }) => desired.some(({ service }) => service.host === word)),
  ].find(i => i >= 0)
  if (first === undefined) {
    const hosts = plays.flatMap(({ desired }) => desired.map(({ service }) => service.host))
    const known = [...new Set([...plays.map(({ name }) => name), ...hosts])]
    const at = { file: '--start-at', line: 1, column: 1 }
    return E.left([{ _tag: 'UnknownWord', at, what: 'play or host', word, known }])
  }
  const kept = plays.slice(first)
  const left = kept.map(play => withoutLeftOut(play, kept))
  const hosts = new Set(left.flatMap(servicesOf).map(({ host }) => host))
  const routes = new Map([...expansion.routes].filter(([host]) => hosts.has(host)))
  return E.right({ ...expansion, plays: left, routes })
}

/** Nothing comes after a step of a batch that is left out. */
const withoutLeftOut = (play: ExpandedPlay, kept: readonly ExpandedPlay[]): ExpandedPlay => {
  const { part } = play
  if (part === undefined) return play
  const batches = kept.filter(other => other.part?.play === part.play)
  const there = new Set(batches.flatMap(({ desired }) => desired.map(({ service }) => stepId(service))))
  return { ...play, part: { ...part, earlier: part.earlier.filter(({ service }) => there.has(stepId(service))) } }
}
