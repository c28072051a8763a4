/** Copies as an operator counts them. */
import type { Listener, Process } from '../model/observation.js'
import type { Copy } from '../model/verdict.js'

/**
 * A process and those of its children that match too are one daemon: jsvc shows a controller and its child, a prefork
 * server a parent and its workers. Where the parent is gone, workers that hold one socket together are still one: a
 * socket is shared by being inherited. One that somebody else holds too may have been inherited from them, by each copy.
 */
export const copiesOf = (matching: readonly Process[], listeners: readonly Listener[]): readonly Copy[] => {
  const [only] = matching
  if (only === undefined) return []
  if (matching.length === 1) return [[only]]
  const byPid = new Map(matching.map(process => [process.pid, process]))
  const leaders = new Map(matching.map(process => [process.pid, leaderOf(process, byPid)]))
  const eldestOf = new Set([...leaders.values()]).size > 1 ? sharers(leaders, listeners) : (pid: number) => pid
  const families = new Map<number, [Process, ...Process[]]>()
  for (const process of matching) {
    const leader = byPid.get(eldestOf(leaders.get(process.pid)?.pid ?? process.pid)) ?? process
    const family = families.get(leader.pid) ?? [leader]
    if (process.pid !== leader.pid) family.push(process)
    families.set(leader.pid, family)
  }
  return [...families.values()]
}

const leaderOf = (process: Process, byPid: ReadonlyMap<number, Process>): Process => {
  const seen = new Set<number>([process.pid])
  let leader = process
  for (let up = byPid.get(leader.ppid); up !== undefined && !seen.has(up.pid); up = byPid.get(leader.ppid)) {
    seen.add(up.pid)
    leader = up
  }
  return leader
}

/** Of leaders that hold one socket together, the first stands for all. */
const sharers = (
  leaders: ReadonlyMap<number, Process>,
  listeners: readonly Listener[],
): ((leader: number) => number) => {
  const eldest = new Map<number, number>()
  const eldestOf = (pid: number): number => eldest.get(pid) ?? pid
  for (const { owners } of listeners) {
    if (owners?.some(pid => !leaders.has(pid))) continue
    const holding = [...new Set((owners ?? []).flatMap(pid => leaders.get(pid)?.pid ?? []))].map(eldestOf)
    const first = Math.min(...holding)
    for (const leader of leaders.values()) if (holding.includes(eldestOf(leader.pid))) eldest.set(leader.pid, first)
  }
  return eldestOf
}
