/** Which of the processes seen are copies of an instance. */
import type { Instance } from '../model/catalog.js'
import type { Process } from '../model/observation.js'
import type { Copy } from '../model/verdict.js'

/** What the process table holds of an instance: processes that run it, and others that only look like it. */
export type Matches = Readonly<{ running: readonly Process[]; lookalikes: readonly Process[] }>

/**
 * For each instance, the processes that its arguments stand in. One pass over the process table, whatever the number
 * of instances; a process that two instances fit belongs to the one that declares more of it.
 */
export const matchInstances = (
  instances: readonly Instance[],
  processes: readonly Process[],
): ReadonlyMap<Instance, Matches> => {
  const byFirstArg = new Map<string, Instance[]>()
  for (const instance of instances) {
    const [first = ''] = wordsFor(instance.args)
    byFirstArg.set(first, [...(byFirstArg.get(first) ?? []), instance])
  }
  const matches = new Map(instances.map(instance => [instance, { running: [], lookalikes: [] } as Found]))
  for (const process of processes) {
    if (!isAlive(process) || process.contained) continue
    const candidates = [...new Set(process.args.flatMap(arg => byFirstArg.get(arg) ?? []))]
    const fitting = candidates.filter(({ args }) => holdsArgs(process, args))
    for (const one of fitting) {
      if (fitting.some(other => other.args.length > one.args.length && standsIn(one.args, other.args))) continue
      matches.get(one)?.[mayRun(process, one.args) ? 'running' : 'lookalikes'].push(process)
    }
    for (const one of candidates) {
      if (!fitting.includes(one) && holdsScattered(process, one.args)) matches.get(one)?.lookalikes.push(process)
    }
  }
  return matches
}

type Found = { running: Process[]; lookalikes: Process[] }

/** A zombie has ended and only waits to be counted by its parent. */
export const isAlive = ({ state }: Process): boolean => state !== 'Z' && state !== 'X'

/** Stopped by a signal (T) or under a debugger's hand (t): there, and not running. */
export const isFrozen = ({ state }: Process): boolean => state.toUpperCase() === 'T'

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

/** All of these arguments, but with others between them, as in `poll stop Dns 1` for `poll Dns 1`. */
const holdsScattered = (process: Process, args: readonly string[]): boolean =>
  args.length > 1 && args.every(arg => process.args.some(own => own === arg))

/**
 * A program's path stands first, or behind an interpreter that runs it: `tail -f /app/bin/daemon` is no daemon. Other
 * arguments may stand anywhere, but for programs that are called to look for them, such as grep.
 */
const mayRun = (process: Process, args: readonly string[]): boolean => {
  const program = (process.args[0] ?? '').replace(/^-/, '').replace(/^.*\//, '')
  if (process.args[0] === args[0]) return true
  return args[0]?.startsWith('/') ? interpreters.test(program) : !readers.test(program)
}

const interpreters =
  /^((ba|da|a|k|mk|z|y|c|tc|fi)?sh|rbash|busybox|toybox|env|perl[\d.]*|python[\d.]*|ruby[\d.]*|php[\d.]*|node(js)?|java|jsvc(\.exec)?|mono|lua[\d.]*|tclsh[\d.]*|wish[\d.]*|setsid)$/

const readers =
  /^([ef]?grep|rg|ag|ack|pgrep|pkill|ps|find|xargs|watch|awk|gawk|mawk|sed|cat|less|more|tail|head|vi|vim|view|nano|emacs|ed|man|strace|ltrace|gdb|ssh|scp|rsync|sudo|doas|su)$/

/**
 * Arguments that may go on where they seem to end: kernels before 4.2 show 4,096 bytes of them, and `ps` may cut its
 * lines at 80 columns or 4,096 bytes. They prove no absence.
 */
export const isCut = ({ args, argsFrom }: Process): boolean => {
  const length = args.reduce((sum, arg) => sum + arg.length + 1, 0)
  if (argsFrom === 'cmdline') return length === 4095 || length === 4096
  return length === 80 || length === 81 || length >= 4095
}

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
