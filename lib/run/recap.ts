/** The sum of a run by host, in Ansible's words. */
import type { HostRecap, Recap } from '../model/event.js'
import type { HostName } from '../model/names.js'
import type { EndedPlay, Outcome } from './outcome.js'

type Counts = { -readonly [What in keyof HostRecap]: number }

export const recapOf = (ended: readonly EndedPlay[]): Recap => {
  const recap = new Map<HostName, Counts>()
  for (const { planned, outcomes } of ended) {
    for (const { id, host } of planned.steps) {
      const outcome = outcomes.get(id)
      if (outcome === undefined) continue
      const counts = recap.get(host) ?? { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0 }
      recap.set(host, counts)
      count(outcome, counts)
    }
  }
  return recap
}

const count = (outcome: Outcome, counts: Counts): void => {
  switch (outcome._tag) {
    case 'Done':
      counts.ok += 1
      if (outcome.changed) counts.changed += 1
      return
    case 'Failed':
    case 'Locked':
      counts.failed += 1
      return
    case 'Skipped':
      counts.skipped += 1
      return
    // A host is out of reach once, however many services it has.
    case 'Unreachable':
      counts.unreachable = 1
  }
}
