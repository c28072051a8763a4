/** The sum of a run by host, in Ansible's words. */
import type { HostRecap, Recap } from '../model/event.js'
import type { HostName } from '../model/names.js'
import type { EndedPlay, Outcome } from './outcome.js'

const nothing: HostRecap = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0 }

export const recapOf = (ended: readonly EndedPlay[]): Recap => {
  const recap = new Map<HostName, HostRecap>()
  for (const { planned, outcomes } of ended) {
    for (const { id, host } of planned.steps) {
      const outcome = outcomes.get(id)
      if (outcome !== undefined) recap.set(host, count(recap.get(host) ?? nothing, outcome))
    }
  }
  return recap
}

const count = (sum: HostRecap, outcome: Outcome): HostRecap => {
  switch (outcome._tag) {
    case 'Done':
      return { ...sum, ok: sum.ok + 1, changed: sum.changed + (outcome.changed ? 1 : 0) }
    case 'Failed':
    case 'Locked':
      return { ...sum, failed: sum.failed + 1 }
    case 'Skipped':
      return { ...sum, skipped: sum.skipped + 1 }
    // A host is out of reach once, however many services it has.
    case 'Unreachable':
      return { ...sum, unreachable: 1 }
  }
}
