/** Which hosts a pattern names, and in which order, by Ansible's rules (inventory/manager.py). */
import * as E from 'fp-ts/lib/Either.js'
import { fitsGlob } from '../model/glob.js'
import type { Host, HostPattern, Inventory, PatternTerm } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { InputProblem } from '../model/problem.js'
import { fitsPattern, foundBy } from '../model/safe-pattern.js'
import type { HostBook } from './expression/scope.js'

type Found = E.Either<InputProblem, readonly HostName[]>

/**
 * In the order of the terms, then of the inventory. A name that is neither host nor group is a mistake; a glob or a
 * regular expression may match nothing.
 */
export const hostsMatching = (
  pattern: HostPattern,
  inventory: Inventory,
): E.Either<readonly InputProblem[], readonly HostName[]> => {
  const problems: InputProblem[] = []
  const within = (term: PatternTerm): readonly HostName[] => {
    const found = hostsOfTerm(term, inventory)
    if (E.isRight(found)) return found.right
    problems.push(found.left)
    return []
  }
  const terms = (kind: PatternTerm['kind']) => pattern.terms.filter(term => term.kind === kind)
  // Only exclusions or intersections, as in `!old`: they are taken from all hosts.
  const unions = terms('union')
  const chosen = new Set(unions.length > 0 ? unions.flatMap(within) : allHosts(inventory))
  for (const term of terms('intersection')) {
    const kept = new Set(within(term))
    for (const host of chosen) if (!kept.has(host)) chosen.delete(host)
  }
  for (const host of terms('exclusion').flatMap(within)) chosen.delete(host)
  return problems.length > 0 ? E.left(problems) : E.right([...chosen])
}

/** Also this machine, where the inventory does not have it. */
export const findHost = (name: HostName, { hosts, localhost }: Inventory): Host | undefined =>
  hosts.get(name) ?? localhost?.get(name)

/** As templates see other hosts: as in an Ansible playbook, this machine is among them. */
export const hostBookOf = (inventory: Inventory): HostBook => {
  const find = (name: string) => findHost(name as HostName, inventory)
  const { hosts, localhost } = inventory
  const listed = [...hosts.keys(), ...(localhost?.has('localhost') ? ['localhost'] : [])]
  const names = { size: listed.length, has: (name: string) => find(name) !== undefined, keys: () => listed.values() }
  return { names, listed, find }
}

const allHosts = ({ groups, hosts }: Inventory): readonly HostName[] => groups.get('all') ?? [...hosts.keys()]

const hostsOfTerm = (term: PatternTerm, inventory: Inventory): Found => {
  // A host that is called so, to the letter, before any group that is.
  if (term.kind === 'union' && !term.isRegex && term.slice === null && inventory.hosts.has(term.glob as HostName)) {
    return E.right([term.glob as HostName])
  }
  const found = namedBy(term, inventory)
  return E.isLeft(found) || term.slice === null || found.right.length === 0 ? found : sliceOf(found.right, term)
}

/** Those of every group it fits; and hosts that it fits, if it is more than a name or no group has it. */
const namedBy = (term: PatternTerm, inventory: Inventory): Found => {
  const fits = matcherOf(term)
  const groups = term.isGlob
    ? [...inventory.groups.keys()].filter(fits)
    : [term.glob].filter(g => inventory.groups.has(g))
  const ofGroups = groups.flatMap(name => inventory.groups.get(name) ?? [])
  const isMore = term.isGlob || term.glob.includes('.')
  const asHosts = groups.length > 0 && !isMore ? [] : hostsCalled(term, inventory, fits)
  const found = [...ofGroups, ...asHosts]
  if (found.length > 0 || groups.length > 0 || term.isGlob) return E.right(found)
  const here = thisMachine(term.glob, inventory)
  if (here !== null) return E.right([here])
  const known = [...inventory.groups.keys(), ...inventory.hosts.keys()]
  return E.left({ _tag: 'UnknownHost', at: term.at, pattern: term.glob, known })
}

const hostsCalled = (term: PatternTerm, { hosts }: Inventory, fits: (name: string) => boolean): readonly HostName[] => {
  if (term.isGlob) return [...hosts.keys()].filter(fits)
  return hosts.has(term.glob as HostName) ? [term.glob as HostName] : []
}

/** Globs as Python's `fnmatch` has them, with `[a-c]` and `[!a-c]`; a regular expression has to fit the beginning. */
const matcherOf = ({ glob, isRegex }: PatternTerm): ((name: string) => boolean) => {
  if (isRegex) return name => foundBy(glob, name, 'begins') === true
  if (!glob.includes('[')) return name => fitsGlob(glob, name)
  const pattern = patternOf(glob)
  return name => fitsPattern(pattern, name)
}

/** A [ that is not closed stands for itself. */
const patternOf = (glob: string): string =>
  glob.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (all, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^&~]/g, '\\$&')}]`
    if (all === '*') return '.*'
    return all === '?' ? '.' : all.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })

/** `g[0]` is the first, `g[-1]` the last, `g[1:]` all but the first, and `g[0:2]` are three. */
const sliceOf = (hosts: readonly HostName[], { glob, slice, at }: PatternTerm): Found => {
  if (slice === null) return E.right(hosts)
  const { from, to } = slice
  // Whatever ends at 0 is one host, as it is there.
  if (to !== null && to !== 0) return E.right(hosts.slice(from, to === 'end' ? undefined : to + 1))
  const host = hosts.at(from)
  return host === undefined
    ? E.left({ _tag: 'NoSuchHost', at, pattern: glob, index: from, count: hosts.length })
    : E.right([host])
}

const namesOfHere = ['localhost', '127.0.0.1', '::1']

/** One of its names means the host that has another of them. */
const thisMachine = (name: string, { hosts, localhost }: Inventory): HostName | null => {
  if (!namesOfHere.includes(name)) return null
  const known = [...hosts.keys()].find(host => namesOfHere.includes(host))
  return known ?? localhost?.get(name)?.name ?? null
}
