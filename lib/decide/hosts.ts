/** Which hosts a pattern names. */
import * as E from 'fp-ts/lib/Either.js'
import { fitsGlob, isGlob } from '../model/glob.js'
import type { HostPattern, Inventory, PatternTerm } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { InputProblem } from '../model/problem.js'

/** In the order of the inventory. A name that is neither host nor group is a mistake; a glob may match nothing. */
export const hostsMatching = (
  pattern: HostPattern,
  inventory: Inventory,
): E.Either<readonly InputProblem[], readonly HostName[]> => {
  const unknown = pattern.terms.filter(({ glob }) => !isGlob(glob) && !isKnown(glob, inventory))
  if (unknown.length > 0) {
    const known = [...inventory.groups.keys(), ...inventory.hosts.keys()]
    return E.left(unknown.map(({ glob }) => ({ _tag: 'UnknownHost', at: pattern.at, pattern: glob, known })))
  }
  const terms = (kind: PatternTerm['kind']) => pattern.terms.filter(term => term.kind === kind)
  const within = (term: PatternTerm) => hostsOfTerm(term.glob, inventory)
  // Only exclusions or intersections, as in `!old`: they are taken from all hosts, as Ansible does.
  const unions = terms('union')
  const chosen = new Set(unions.length > 0 ? unions.flatMap(within) : inventory.hosts.keys())
  for (const term of terms('intersection')) {
    const kept = new Set(within(term))
    for (const host of chosen) if (!kept.has(host)) chosen.delete(host)
  }
  for (const host of terms('exclusion').flatMap(within)) chosen.delete(host)
  return E.right([...inventory.hosts.keys()].filter(host => chosen.has(host)))
}

const isKnown = (name: string, inventory: Inventory): boolean =>
  inventory.groups.has(name) || inventory.hosts.has(name as HostName)

const hostsOfTerm = (glob: string, inventory: Inventory): readonly HostName[] => {
  if (!isGlob(glob)) return inventory.groups.get(glob) ?? (isKnown(glob, inventory) ? [glob as HostName] : [])
  const matches = (name: string) => fitsGlob(glob, name)
  return [
    ...[...inventory.groups].filter(([name]) => matches(name)).flatMap(([, hosts]) => hosts),
    ...[...inventory.hosts.keys()].filter(matches),
  ]
}
