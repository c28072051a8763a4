/** Which hosts are in a group, and how deep groups lie. */
import type { HostName } from '../../model/names.js'
import type { InputProblem } from '../../model/problem.js'
import type { Gathered, Group } from './gathered.js'

/** Its own hosts, then those of the groups below it, level by level (inventory/group.py). */
export const membersOf = (group: Group): readonly HostName[] => {
  const members = new Set(group.hosts)
  const seen = new Set<Group>([group])
  // It grows while it is walked.
  for (const above of seen) {
    for (const child of above.children) {
      if (seen.has(child)) continue
      seen.add(child)
      for (const host of child.hosts) members.add(host)
    }
  }
  return [...members]
}

/** The groups above, and the group itself. */
export const ancestorsOf = (groups: Iterable<Group>): ReadonlySet<Group> => {
  const seen = new Set(groups)
  for (const group of seen) for (const parent of group.parents) seen.add(parent)
  return seen
}

/** The longest way down from `all` to each group: a group inside another overrides it. */
export const depthsOf = (gathered: Gathered): ReadonlyMap<Group, number> => {
  const depths = new Map<Group, number>()
  for (const group of outermostFirst(gathered)) {
    const depth = depths.get(group) ?? 0
    depths.set(group, depth)
    for (const child of group.children) depths.set(child, Math.max(depths.get(child) ?? 0, depth + 1))
  }
  return depths
}

/** The circles of groups that are below themselves. */
export const circlesIn = (gathered: Gathered): readonly InputProblem[] => {
  const free = new Set(outermostFirst(gathered))
  const bound = [...gathered.groups.values()].filter(group => !free.has(group))
  // Whatever is left has a group above it that is left too: going up leads into a circle.
  const above = new Map(bound.flatMap(group => [...group.children].map(child => [child, group] as const)))
  const seen = new Set<Group>()
  return bound.flatMap((start): InputProblem[] => {
    const path: Group[] = []
    let group: Group | undefined = start
    for (; group !== undefined && !seen.has(group); group = above.get(group)) {
      seen.add(group)
      path.push(group)
    }
    if (group === undefined || !path.includes(group)) return []
    const circle = path.slice(path.indexOf(group)).reverse()
    const cycle = [group, ...circle].map(({ name }) => name)
    return [{ _tag: 'DependencyCycle', at: group.at, of: 'groups', cycle }]
  })
}

/** Each group behind all that are above it; those in a circle, or below one, are left out (Kahn's algorithm). */
const outermostFirst = ({ groups }: Gathered): readonly Group[] => {
  const waitingFor = new Map<Group, number>()
  for (const { children } of groups.values()) {
    for (const child of children) waitingFor.set(child, (waitingFor.get(child) ?? 0) + 1)
  }
  const ordered = [...groups.values()].filter(group => !waitingFor.has(group))
  // It grows while it is walked.
  for (const { children } of ordered) {
    for (const child of children) {
      const left = (waitingFor.get(child) ?? 0) - 1
      waitingFor.set(child, left)
      if (left === 0) ordered.push(child)
    }
  }
  return ordered
}
