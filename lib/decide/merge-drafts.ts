/** Drafts of several hosts as one: what is the same on two hosts is one service that lives on both. */
import type { Draft, DraftResult } from '../model/draft.js'

export const mergeDrafts = (results: readonly DraftResult[]): DraftResult => {
  const byContent = new Map<string, Draft>()
  for (const draft of results.flatMap(({ drafts }) => drafts)) {
    const key = JSON.stringify({ ...draft, hosts: [] })
    const known = byContent.get(key)
    byContent.set(key, known === undefined ? draft : { ...known, hosts: [...known.hosts, ...draft.hosts] })
  }
  return { drafts: withOwnNames([...byContent.values()]), leftOut: results.flatMap(({ leftOut }) => leftOut) }
}

/** Two services of one name would be a mistake in the catalog: all but the first get a number. */
const withOwnNames = (drafts: readonly Draft[]): readonly Draft[] => {
  const taken = new Set<string>()
  return drafts.map(draft => {
    let name = draft.name
    for (let count = 2; taken.has(name); count += 1) name = `${draft.name}-${count}`
    taken.add(name)
    return { ...draft, name }
  })
}
