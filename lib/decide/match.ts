/** Which of the processes seen are copies of an instance. */
import type { Instance } from '../model/catalog.js'
import type { Process } from '../model/observation.js'
import type { Copy } from '../model/verdict.js'

/**
 * All processes that each instance's arguments stand in, side by side and in order. One pass over the process table,
 * whatever the number of instances.
 */
export const matchInstances = (
  instances: readonly Instance[],
  processes: readonly Process[],
): ReadonlyMap<Instance, readonly Process[]> => {
  const byFirstArg = new Map<string, Instance[]>()
  for (const instance of instances) {
    const [first = ''] = wordsFor(instance.args)
    byFirstArg.set(first, [...(byFirstArg.get(first) ?? []), instance])
  }
  const matches = new Map<Instance, Process[]>(instances.map(instance => [instance, []]))
  for (const process of processes) {
    if (!isAlive(process)) continue
    for (const candidate of new Set(process.args.flatMap(arg => byFirstArg.get(arg) ?? []))) {
      if (holdsArgs(process, candidate.args)) matches.get(candidate)?.push(process)
    }
  }
  return matches
}

/** A zombie has ended and only waits to be counted by its parent. */
export const isAlive = ({ state }: Process): boolean => state !== 'Z' && state !== 'X'

/** Do these arguments stand in the process's own, side by side and in order? */
export const holdsArgs = (process: Process, args: readonly string[]): boolean =>
  standsIn(process.argsFrom === 'ps' ? wordsFor(args) : args, process.args)

export const standsIn = (wanted: readonly string[], args: readonly string[]): boolean => {
  const last = args.length - wanted.length
  for (let start = 0; start <= last && wanted.length > 0; start += 1) {
    if (wanted.every((arg, i) => args[start + i] === arg)) return true
  }
  return false
}

/** All of these arguments, but with others between them: near enough that nobody should act on it. */
export const nearlyHoldsArgs = (process: Process, args: readonly string[]): boolean =>
  args.length > 1 && args.every(arg => process.args.some(own => own === arg)) && !holdsArgs(process, args)

/**
 * Copies as an operator counts them: a process and those of its children that match too are one daemon (jsvc shows a
 * controller and its child, a prefork server a parent and its workers).
 */
export const copiesOf = (matching: readonly Process[]): readonly Copy[] => {
  const byPid = new Map(matching.map(process => [process.pid, process]))
  const leaderOf = (process: Process): Process => {
    const seen = new Set<number>()
    let leader = process
    for (let up = byPid.get(leader.ppid); up !== undefined && !seen.has(up.pid); up = byPid.get(leader.ppid)) {
      seen.add(up.pid)
      leader = up
    }
    return leader
  }
  const families = new Map<number, [Process, ...Process[]]>()
  for (const process of matching) {
    const leader = leaderOf(process)
    const family = families.get(leader.pid) ?? [leader]
    if (process.pid !== leader.pid) family.push(process)
    families.set(leader.pid, family)
  }
  return [...families.values()]
}

/** `ps` joins arguments with spaces, so one that holds a space is several words there. */
const wordsFor = (args: readonly string[]): readonly string[] => args.flatMap(arg => arg.split(/\s+/))
