/** Where a play that was stopped has left its hosts. */
import type { HostName } from '../model/names.js'
import type { RolloutHosts } from '../model/rollout.js'
import type { EndedPlay, Outcome } from './outcome.js'

type Kind = keyof RolloutHosts

/** `back`: what came of a rollback; null where there was none. */
export const hostsAfter = (ended: readonly EndedPlay[], back: EndedPlay | null): RolloutHosts => {
  const kinds = new Map<HostName, Set<Kind | 'changed'>>()
  for (const { planned, outcomes } of ended) {
    for (const { id, host } of planned.steps) {
      const found = kinds.get(host) ?? new Set()
      kinds.set(host, found.add(backTo(back?.outcomes.get(id)) ?? kindOf(outcomes.get(id))))
    }
  }
  const of = (wanted: Kind) => [...kinds].filter(([, found]) => worstOf(found) === wanted).map(([host]) => host)
  return {
    new: of('new'),
    failed: of('failed'),
    rolledBack: of('rolledBack'),
    old: of('old'),
    unknown: of('unknown'),
  }
}

/** A host with several services is as its worst one; one that was changed in part was cut short. */
const worstOf = (kinds: ReadonlySet<Kind | 'changed'>): Kind => {
  if (kinds.has('old') && kinds.has('changed') && !kinds.has('failed')) return 'unknown'
  return worst.find(kind => kinds.has(kind)) ?? 'new'
}

const worst: readonly Kind[] = ['unknown', 'failed', 'rolledBack', 'old']

/** What a rollback has done counts in place of what it was done to; null where it has done nothing. */
const backTo = (outcome: Outcome | undefined): Kind | 'changed' | null => {
  if (outcome === undefined || outcome._tag === 'Skipped') return null
  return outcome._tag === 'Done' ? 'rolledBack' : kindOf(outcome)
}

const kindOf = (outcome: Outcome | undefined): Kind | 'changed' => {
  switch (outcome?._tag) {
    case 'Done':
      return outcome.changed ? 'changed' : 'new'
    case 'Unreachable':
      return 'unknown'
    case 'Failed':
    case 'Locked':
      return 'failed'
    case 'Skipped':
    case undefined:
      return 'old'
  }
}
