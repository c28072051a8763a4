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
import type { ProcessTable } from './table.js'

/** What the process table holds of an instance. */
export type Matches = Readonly<{
  running: readonly Process[]
  /** Everything that can be seen of them fits; something that is declared cannot be seen. */
  unseen: readonly Process[]
  /** They have its arguments and do not seem to be it: they may have been, before a deploy, or be by another user. */
  lookalikes: readonly Process[]
}>

/** Only those are looked at that an instance's first argument leads to. What is another service's is no lookalike. */
export const matchInstances = (
  instances: readonly Instance[],
  table: ProcessTable,
  host: Names,
  isNeighbour: (process: Process) => boolean = () => false,
): ReadonlyMap<Instance, Matches> => {
  const found = new Map(instances.map(instance => [instance, blank()]))
  for (const [process, candidates] of candidatesIn(table, instances)) {
    if (!isAlive(process)) continue
    const fits = candidates.map(one => fitOf(process, one, host))
    for (const [i, one] of candidates.entries()) {
      const fit = fits[i] ?? 'no'
      const other =
        candidates.length > 1 &&
        candidates.some(
          (more, k) => fits[k] === 'yes' && (declaresMore(more, one) || (fit === 'no' && mayRun(process, more))),
        )
      const list = other ? null : listFor(process, one, fit)
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
const candidatesIn = (
  table: ProcessTable,
  instances: readonly Instance[],
): Iterable<readonly [Process, readonly Instance[]]> => {
  const [only] = instances
  if (only !== undefined && instances.length === 1)
    return candidatesOf(only, table).map(process => [process, instances])
  const byProcess = new Map<Process, Instance[]>()
  for (const instance of instances) {
    for (const process of candidatesOf(instance, table)) {
      if (byProcess.get(process)?.push(instance) === undefined) byProcess.set(process, [instance])
    }
  }
  return byProcess.size < 2 ? byProcess : inOrderOf(table, byProcess)
}

const candidatesOf = ({ args }: Instance, table: ProcessTable): readonly Process[] => {
  const [first] = args
  if (first === undefined) return table.all
  // An argument that holds a space is several words where `ps` has joined them.
  const [word = first] = wordsFor([first])
  return table.having(word === first ? [first] : [first, word])
}

const inOrderOf = <A>(table: ProcessTable, byProcess: ReadonlyMap<Process, A>): Iterable<readonly [Process, A]> =>
  table.all.flatMap(process => {
    const one = byProcess.get(process)
    return one === undefined ? [] : [[process, one] as const]
  })

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
