/** Which services of a playbook a run is about, by their tags: Ansible's rules (playbook/taggable.py). */
import * as E from 'fp-ts/lib/Either.js'
import type { Play, Playbook } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'

export type TagChoice = Readonly<{ tags: readonly string[]; skipTags: readonly string[] }>

/** Words that mean more than themselves, among tags and on the command line. */
const special = ['all', 'tagged', 'untagged', 'always', 'never']

/** Plays of which nothing is left are left out. A tag that nothing has is a mistake, and so is a choice of nothing. */
export const chooseByTags = (playbook: Playbook, choice: TagChoice): E.Either<InputProblems, Playbook> => {
  const known = [...new Set(playbook.plays.flatMap(({ services }) => services.flatMap(({ tags }) => tags)))]
  const unknown = [
    ...choice.tags.flatMap(tag => unknownTag(tag, '--tags', known)),
    ...choice.skipTags.flatMap(tag => unknownTag(tag, '--skip-tags', known)),
  ]
  const [first, ...rest] = unknown
  if (first !== undefined) return E.left([first, ...rest])
  const plays = playbook.plays.flatMap((play): Play[] => {
    const services = play.services.filter(({ tags }) => isChosen(tags, choice))
    return services.length === 0 ? [] : [{ ...play, services }]
  })
  if (plays.length > 0) return E.right({ ...playbook, plays })
  return E.left([{ _tag: 'BadUsage', reason: `these tags leave no service of ${playbook.file}` }])
}

const isChosen = (written: readonly string[], { tags: only, skipTags: skipped }: TagChoice): boolean => {
  const tags = written.length === 0 ? ['untagged'] : written
  const has = (tag: string): boolean => tags.includes(tag)
  const isTagged = written.length > 0
  const wanted = only.length === 0 ? ['all'] : only
  const isWanted =
    has('always') ||
    (wanted.includes('all') && !has('never')) ||
    wanted.some(has) ||
    (wanted.includes('tagged') && isTagged && !has('never'))
  if (!isWanted) return false
  if (skipped.includes('all')) return has('always') && !skipped.includes('always')
  return !skipped.some(has) && !(skipped.includes('tagged') && isTagged)
}

const unknownTag = (tag: string, option: string, known: readonly string[]): readonly InputProblem[] =>
  known.includes(tag) || special.includes(tag)
    ? []
    : [{ _tag: 'UnknownWord', at: { file: option, line: 1, column: 1 }, what: 'tag', word: tag, known }]
