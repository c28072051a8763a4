/** Has too much gone wrong for a rollout to go on? */
import type { HostName } from '../model/names.js'
import type { Budget } from '../model/rollout.js'

/** Hosts, and those of them that failed or were out of reach. */
export type Tally = Readonly<{ hosts: number; failed: ReadonlySet<HostName>; unreachable: ReadonlySet<HostName> }>

/** Why it is spent, or null. Ansible's `max_fail_percentage` has to be exceeded: two of four are not more than 50%. */
export const whySpent = (budget: Budget, batch: Tally, rollout: Tally): string | null => {
  const inBatch = lostOf(budget, batch)
  const [first] = inBatch
  if (budget.anyErrorsFatal && first !== undefined) {
    const what = batch.failed.has(first) ? 'failed' : 'is out of reach'
    return `${first} ${what}, and any_errors_fatal is set`
  }
  const { maxFailPercentage: most, over } = budget
  if (most !== null) {
    const { hosts } = over === 'batch' ? batch : rollout
    const lost = over === 'batch' ? inBatch : lostOf(budget, rollout)
    if (lost.length * 100 > most * hosts) {
      return `${lost.length} of ${hosts} hosts of the ${over} failed, which is more than ${most}%`
    }
  }
  return null
}

/** Those that failed come first. */
const lostOf = ({ unreachable }: Budget, tally: Tally): readonly HostName[] =>
  unreachable === 'count' ? [...new Set([...tally.failed, ...tally.unreachable])] : [...tally.failed]

/** Whatever the budget: where nothing is left of a batch no other one follows, as in Ansible. */
export const isAllLost = (batch: readonly HostName[], { failed, unreachable }: Omit<Tally, 'hosts'>): boolean =>
  batch.every(host => failed.has(host) || unreachable.has(host))
