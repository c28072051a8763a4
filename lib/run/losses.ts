/** What went wrong on the hosts of a play, batch by batch. */
import { isAllLost, whySpent } from '../decide/budget.js'
import type { HostName } from '../model/names.js'
import type { PlayPart } from '../model/playbook.js'
import type { Outcome } from './outcome.js'

type Lost = Readonly<{ failed: Set<HostName>; unreachable: Set<HostName> }>

const nothing = (): Lost => ({ failed: new Set(), unreachable: new Set() })

export class Losses {
  readonly #inAll = nothing()
  #inBatch = nothing()

  /** What is found lost from here on counts for the next batch, whichever its own was. */
  beginBatch(): void {
    this.#inBatch = nothing()
  }

  note(host: HostName, { _tag }: Outcome): void {
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
    const { hosts } = part.batch
    const spent = this.whySpent(part)
    if (spent !== null || !isAllLost(hosts, this.#inBatch)) return spent
    return `all hosts of the batch failed: ${hosts.join(', ')}`
  }
}
