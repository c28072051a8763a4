/** Which of the processes seen are copies of which instance. */
import type { Instance } from '../model/catalog.js'
import type { Process } from '../model/observation.js'
import {
  type Fit,
  fitOf,
  fitOfArgs,
  holdsArgs,
  holdsScattered,
  isAlive,
  mayRun,
  type Names,
  standsIn,
  wordsFor,
} from './recognise.js'

/** What the process table holds of an instance. */
export type Matches = Readonly<{
  running: readonly Process[]
  /** Everything that can be seen of them fits; something that is declared cannot be seen. */
  unseen: readonly Process[]
  /** They have its arguments and do not seem to be it: they may have been, before a deploy, or be by another user. */
  lookalikes: readonly Process[]
}>

/**
 * One pass over the process table, whatever the number of instances. What is another service's is no lookalike.
 */
export const matchInstances = (
  instances: readonly Instance[],
  processes: readonly Process[],
  host: Names,
  isNeighbour: (process: Process) => boolean = () => false,
): ReadonlyMap<Instance, Matches> => {
  const candidatesFor = indexByArgs(instances)
  const found = new Map(instances.map(instance => [instance, blank()]))
  for (const process of processes) {
    if (!isAlive(process)) continue
    const candidates = candidatesFor(process)
    if (candidates.length === 0) continue
    const fits = new Map(candidates.map(one => [one, fitOf(process, one, host)]))
    for (const one of candidates) {
      const fit = fits.get(one) ?? 'no'
      const other = candidates.find(
        more => fits.get(more) === 'yes' && (declaresMore(more, one) || (fit === 'no' && mayRun(process, more))),
      )
      const list = other === undefined ? listFor(process, one, fit) : null
      // Whose process it is otherwise matters only where it is in doubt.
      if (list === null || (fit === 'no' && isNeighbour(process))) continue
      found.get(one)?.[list].push(process)
    }
  }
  return withParents(instances, found)
}

type Found = { running: Process[]; unseen: Process[]; lookalikes: Process[] }
const blank = (): Found => ({ running: [], unseen: [], lookalikes: [] })

/** An instance with arguments can only be a process that has the first of them. */
const indexByArgs = (instances: readonly Instance[]): ((process: Process) => readonly Instance[]) => {
  const byFirst = new Map<string, Instance[]>()
  const others: Instance[] = []
  for (const instance of instances) {
    if (instance.args.length === 0) others.push(instance)
    // An argument that holds a space is several words where `ps` has joined them.
    for (const first of new Set([instance.args, wordsFor(instance.args)].flatMap(args => args.slice(0, 1)))) {
      if (byFirst.get(first)?.push(instance) === undefined) byFirst.set(first, [instance])
    }
  }
  return process => {
    const named = new Set(process.args.flatMap(arg => byFirst.get(arg) ?? []))
    return others.length === 0 ? [...named] : [...named, ...others]
  }
}

const listFor = (process: Process, instance: Instance, fit: Fit): keyof Found | null => {
  if (fit === 'unseen') return 'unseen'
  if (fit === 'yes') return mayRun(process, instance) ? 'running' : 'lookalikes'
  return isAlike(process, instance) ? 'lookalikes' : null
}

/** Twins that only their user, program or folder tells apart are no lookalikes: each fits another instance. */
const isAlike = (process: Process, instance: Instance): boolean => {
  const { args, contained } = instance
  if (process.contained !== contained) return false
  return holdsArgs(process, args) ? fitOfArgs(process, instance) !== 'no' : holdsScattered(process, args)
}

/** A process that two instances fit belongs to the one that declares more of it. */
const declaresMore = (more: Instance, less: Instance): boolean => {
  if (more === less || (less.args.length > 0 && !standsIn(less.args, more.args))) return false
  if (more.args.length !== less.args.length) return more.args.length > less.args.length
  return weightOf(more) > weightOf(less)
}

const weightOf = ({ globs, patterns, exe, cwd, user, parent }: Instance): number =>
  globs.length + patterns.length + [exe, cwd, user, parent].filter(one => one !== null).length

/** Where a parent is declared, only the children of its copies are taken; an orphan may be one or may not. */
const withParents = (
  instances: readonly Instance[],
  found: ReadonlyMap<Instance, Found>,
): ReadonlyMap<Instance, Matches> => {
  if (instances.every(({ parent }) => parent === null)) return found
  const done = new Map<Instance, Matches>()
  const settle = (instance: Instance): Matches => {
    const known = done.get(instance)
    if (known !== undefined) return known
    const { running, unseen, lookalikes } = found.get(instance) ?? blank()
    const parents = instances.filter(({ process }) => process === instance.parent).map(settle)
    const pids = new Set(parents.flatMap(({ running }) => running.map(({ pid }) => pid)))
    const isChild = ({ ppid }: Process) => instance.parent === null || pids.has(ppid)
    const strays = running.filter(process => !isChild(process))
    const settled = {
      running: running.filter(isChild),
      unseen: unseen.filter(isChild),
      lookalikes: [...lookalikes, ...strays],
    }
    done.set(instance, settled)
    return settled
  }
  return new Map(instances.map(instance => [instance, settle(instance)]))
}
