/** What went wrong on the hosts of a play, batch by batch; of a run as of what a plan foresees. */
import type { HostName } from '../model/names.js'
import type { PlayPart } from '../model/playbook.js'
import { isAllLost, whySpent } from './budget.js'

type Lost = Readonly<{ failed: Set<HostName>; unreachable: Set<HostName> }>

const nothing = (): Lost => ({ failed: new Set(), unreachable: new Set() })

export class Losses {
  readonly #inAll = nothing()
  #inBatch = nothing()

  /** What is found lost from here on counts for the next batch, whichever its own was. */
  beginBatch(): void {
    this.#inBatch = nothing()
  }

  /** `_tag`: how a step on it ended. */
  note(host: HostName, { _tag }: Readonly<{ _tag: 'Done' | 'Skipped' | 'Failed' | 'Locked' | 'Unreachable' }>): void {
    for (const { failed, unreachable } of [this.#inAll, this.#inBatch]) {
      if (_tag === 'Failed' || _tag === 'Locked') failed.add(host)
      if (_tag === 'Unreachable') unreachable.add(host)
    }
  }

  /** Why nothing new may be begun any more, or null. */
  whySpent({ rollout, batch, hosts }: PlayPart): string | null {
    return whySpent(rollout.budget, { hosts: batch.hosts.length, ...this.#inBatch }, { hosts, ...this.#inAll })
  }

  /** Why no other batch may follow this one, or null. */
  whyEnd(part: PlayPart): string | null {
    const { hosts, of } = part.batch
    const spent = this.whySpent(part)
    if (spent !== null || of === 1 || !isAllLost(hosts, this.#inBatch)) return spent
    return `all hosts of the batch failed: ${hosts.join(', ')}`
  }
}

/** Where an earlier play has failed on all of it, nothing was tried. */
export const whyNoCanary = (
  { batch: { isCanary, number, of, hosts } }: PlayPart,
  lostHosts: ReadonlySet<HostName>,
): string | null =>
  isCanary && number < of && hosts.every(host => lostHosts.has(host))
    ? `an earlier play failed on all hosts of the canary: ${hosts.join(', ')}`
    : null
