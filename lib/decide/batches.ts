/** Which hosts of a play may change at once, and in which order, by Ansible's rules (executor/playbook_executor.py). */
import type { HostName } from '../model/names.js'
import type { Batch, Rollout, Share } from '../model/rollout.js'

/**
 * Each host in one batch, in the order given. A percentage is of all hosts, rounded down, and at least one host; a size
 * of 0 means all that are left.
 */
export const batchesOf = (
  hosts: readonly HostName[],
  { canary, serial }: Pick<Rollout<unknown>, 'canary' | 'serial'>,
): readonly Batch[] => {
  const parts: HostName[][] = []
  let left = hosts
  const take = (share: Share | undefined): void => {
    const size = share === undefined ? left.length : sizeOf(share, hosts.length)
    parts.push(left.slice(0, size === 0 ? left.length : size))
    left = left.slice(parts.at(-1)?.length ?? 0)
  }
  if (canary !== null && left.length > 0) take(canary.size)
  for (let i = 0; left.length > 0; i += 1) take(serial[Math.min(i, serial.length - 1)])
  return parts.map((part, i) => ({
    number: i + 1,
    of: parts.length,
    isCanary: canary !== null && i === 0,
    hosts: part,
  }))
}

/** Whole numbers throughout: 29% of 100 are 29, where floating point has 28. */
export const sizeOf = (share: Share, all: number): number =>
  share._tag === 'Count' ? share.count : Math.max(1, Math.floor((share.percent * all) / 100))
