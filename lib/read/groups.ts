/** What an inventory says of each group and host in all its places, put together by Ansible's rules. */
import type { Host } from '../model/inventory.js'
import type { GroupName, HostName } from '../model/names.js'
import type { Placed, SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Variable, Variables } from '../model/template.js'

type Group = Readonly<{
  name: string
  at: SourcePos
  hosts: Set<HostName>
  children: Set<string>
  variables: Map<string, Variable>
}>
type KnownHost = Readonly<{ at: SourcePos; variables: Map<string, Variable> }>

export class Groups {
  readonly #groups = new Map<string, Group>()
  readonly #hosts = new Map<HostName, KnownHost>()

  /** A group may be named in several places; all that is said of it counts. `all` is above every other. */
  declare(name: Placed<GroupName>, parent: GroupName | null): Group {
    if (parent !== null || name.value !== 'all') this.#named(parent ?? 'all', name.at).children.add(name.value)
    return this.#named(name.value, name.at)
  }

  addHost(group: Group, name: Placed<HostName>): Map<string, Variable> {
    group.hosts.add(name.value)
    const known = this.#hosts.get(name.value) ?? { at: name.at, variables: new Map() }
    this.#hosts.set(name.value, known)
    return known.variables
  }

  /** The circles of groups that are below themselves. */
  cycles(): readonly InputProblem[] {
    const free = new Set(this.#outermostFirst())
    const bound = [...this.#groups.values()].filter(group => !free.has(group))
    // Whatever is left has a group above it that is left too: going up leads into a circle.
    const above = new Map(bound.flatMap(group => [...group.children].map(child => [child, group] as const)))
    const seen = new Set<Group>()
    return bound.flatMap((start): InputProblem[] => {
      const path: Group[] = []
      let group: Group | undefined = start
      for (; group !== undefined && !seen.has(group); group = above.get(group.name)) {
        seen.add(group)
        path.push(group)
      }
      if (group === undefined || !path.includes(group)) return []
      const circle = path.slice(path.indexOf(group)).reverse()
      return [
        { _tag: 'DependencyCycle', at: group.at, of: 'groups', cycle: [group, ...circle].map(({ name }) => name) },
      ]
    })
  }

  /** Each group's hosts and those of the groups below it; `all` has them in the order they were first written. */
  members(): ReadonlyMap<string, readonly HostName[]> {
    const members = new Map<string, ReadonlySet<HostName>>()
    for (const { name, hosts, children } of [...this.#outermostFirst()].reverse()) {
      members.set(name, new Set([...hosts, ...[...children].flatMap(child => [...(members.get(child) ?? [])])]))
    }
    const groups = new Map([...this.#groups.keys()].map(name => [name, [...(members.get(name) ?? [])]] as const))
    return groups.set('all', [...this.#hosts.keys()])
  }

  /** A host's variables: those of `all`, then its groups from the outermost in, then its own; the last one wins. */
  hosts(magic: Readonly<Record<string, string>>): ReadonlyMap<HostName, Host> {
    const depths = this.#depths()
    const members = [...this.members()].map(([name, hosts]) => ({ name, hosts, depth: depths.get(name) ?? 0 }))
    members.sort((a, b) => a.depth - b.depth || (a.name < b.name ? -1 : 1))
    const layers = new Map<HostName, Map<string, Variable>>()
    for (const { name, hosts } of members) {
      const variables = this.#groups.get(name)?.variables
      if (variables === undefined || variables.size === 0) continue
      for (const host of hosts) {
        const merged = layers.get(host) ?? new Map<string, Variable>()
        for (const [variable, value] of variables) merged.set(variable, value)
        layers.set(host, merged)
      }
    }
    return new Map(
      [...this.#hosts].map(([name, { at, variables }]) => {
        const own = magicVariables({ inventory_hostname: name, ...magic }, at)
        const merged: Variables = new Map([...(layers.get(name) ?? []), ...variables, ...own])
        return [name, { name, at, variables: merged }] as const
      }),
    )
  }

  /** The longest way down from `all` to each group: a group inside another overrides it. */
  #depths(): ReadonlyMap<string, number> {
    const depths = new Map<string, number>()
    for (const { name, children } of this.#outermostFirst()) {
      const below = (depths.get(name) ?? 0) + 1
      for (const child of children) depths.set(child, Math.max(depths.get(child) ?? 0, below))
    }
    return depths
  }

  /** Each group behind all that are above it; those in a circle, or below one, are left out (Kahn's algorithm). */
  #outermostFirst(): readonly Group[] {
    const groups = [...this.#groups.values()]
    const waitingFor = new Map<string, number>()
    for (const child of groups.flatMap(({ children }) => [...children])) {
      waitingFor.set(child, (waitingFor.get(child) ?? 0) + 1)
    }
    const ordered = groups.filter(({ name }) => !waitingFor.has(name))
    // It grows while it is walked.
    for (const { children } of ordered) {
      for (const child of children) {
        const left = (waitingFor.get(child) ?? 0) - 1
        waitingFor.set(child, left)
        const group = this.#groups.get(child)
        if (left === 0 && group !== undefined) ordered.push(group)
      }
    }
    return ordered
  }

  #named(name: string, at: SourcePos): Group {
    const group = this.#groups.get(name) ?? {
      name,
      at,
      hosts: new Set<HostName>(),
      children: new Set<string>(),
      variables: new Map<string, Variable>(),
    }
    this.#groups.set(name, group)
    return group
  }
}

const magicVariables = (
  values: Readonly<Record<string, string>>,
  at: SourcePos,
): readonly (readonly [string, Variable])[] =>
  Object.entries(values).map(([name, value]) => [name, { _tag: 'Text', template: { parts: [value], at } }] as const)
