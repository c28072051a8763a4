/** What the sources of an inventory say, gathered as Ansible does (inventory/data.py): in order, each adding to the last. */
import * as E from 'fp-ts/lib/Either.js'
import type { GroupName, HostName } from '../../model/names.js'
import type { Placed, SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import type { YamlNode } from '../node.js'
import { type HostsWritten, hostsWritten, tooMany } from './host-range.js'

export type Group = {
  readonly name: GroupName
  readonly at: SourcePos
  readonly hosts: Set<HostName>
  readonly children: Set<Group>
  readonly parents: Set<Group>
  readonly variables: Map<string, YamlNode>
  /** `ansible_group_priority`; of two groups equally deep the higher one wins. */
  priority: bigint
}

export type GatheredHost = Readonly<{
  name: HostName
  at: SourcePos
  /** The source that named it first; null for a list such as `h1,h2`. */
  source: string | null
  groups: Set<Group>
  variables: Map<string, YamlNode>
}>

const maxHosts = 250_000

export class Gathered {
  readonly groups = new Map<string, Group>()
  readonly hosts = new Map<HostName, GatheredHost>()
  /** With a range, a few letters can stand for millions; null once there are too many, and that has been said. */
  #hostsLeft: number | null = maxHosts
  readonly all: Group
  readonly ungrouped: Group

  constructor(at: SourcePos) {
    this.all = this.addGroup({ value: 'all' as GroupName, at })
    this.ungrouped = this.addGroup({ value: 'ungrouped' as GroupName, at })
    link(this.all, this.ungrouped)
  }

  addGroup({ value: name, at }: Placed<GroupName>): Group {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const made: Group = {
      name,
      at,
      hosts: new Set(),
      children: new Set(),
      parents: new Set(),
      variables: new Map(),
      priority: 1n,
    }
    this.groups.set(name, made)
    return made
  }

  /** What stands where a host does. Null: there are too many, and that has been said. */
  hostsIn(written: string): E.Either<string, HostsWritten> | null {
    if (this.#hostsLeft === null) return null
    const hosts = hostsWritten(written, this.#hostsLeft)
    const left = E.isRight(hosts) ? this.#hostsLeft - hosts.right.names.length : this.#hostsLeft
    if (left >= 0 && !(E.isLeft(hosts) && hosts.left === tooMany)) {
      this.#hostsLeft = left
      return hosts
    }
    this.#hostsLeft = null
    return E.left(`more than ${maxHosts} hosts`)
  }

  addHost({ value: name, at }: Placed<HostName>, group: Group, port: number | null, source: string | null): void {
    const host = this.hosts.get(name) ?? { name, at, source, groups: new Set<Group>(), variables: new Map() }
    if (!this.hosts.has(name)) {
      this.hosts.set(name, host)
      // A port that is said when the host is known already says nothing.
      if (port !== null && port > 0) {
        host.variables.set('ansible_port', { _tag: 'scalar', value: port, text: String(port), at })
      }
    }
    group.hosts.add(name)
    host.groups.add(group)
  }

  addChild(group: Group, child: Group): void {
    link(group, child)
  }

  /** Where a group has the same name, it is the group that gets the variable, as in Ansible. */
  setHostVariable(host: HostName, name: string, value: YamlNode): readonly InputProblem[] {
    const group = this.groups.get(host)
    if (group !== undefined) return this.setGroupVariable(group, name, value)
    this.hosts.get(host)?.variables.set(name, value)
    return []
  }

  setGroupVariable(group: Group, name: string, value: YamlNode): readonly InputProblem[] {
    if (name !== 'ansible_group_priority') {
      group.variables.set(name, value)
      return []
    }
    const priority = priorityOf(value)
    if (priority === null) {
      return [
        { _tag: 'WrongType', at: value.at, expected: 'an integer as ansible_group_priority', found: foundIn(value) },
      ]
    }
    group.priority = priority
    return []
  }

  /** Once all is gathered: every group is below `all`, and who is in no other group is in `ungrouped`. */
  reconcile(): void {
    for (const group of this.groups.values()) {
      if (group !== this.all && group.parents.size === 0) link(this.all, group)
    }
    for (const host of this.hosts.values()) {
      const others = [...host.groups].some(group => group !== this.all && group !== this.ungrouped)
      if (host.groups.has(this.ungrouped)) {
        if (others) {
          this.ungrouped.hosts.delete(host.name)
          host.groups.delete(this.ungrouped)
        }
      } else if (!others) {
        const namesake = this.groups.get(host.name)
        if (namesake !== undefined) link(this.ungrouped, namesake)
        else {
          this.ungrouped.hosts.add(host.name)
          host.groups.add(this.ungrouped)
        }
      }
    }
  }
}

/** The names that mean this machine (C.LOCALHOST), where the inventory has none of them. */
export const localhostNames = ({ hosts }: Gathered): readonly HostName[] => {
  const names = ['localhost', '127.0.0.1', '::1'] as readonly string[] as readonly HostName[]
  return names.some(name => hosts.has(name)) ? [] : names
}

const link = (group: Group, child: Group): void => {
  group.children.add(child)
  child.parents.add(group)
}

const priorityOf = (node: YamlNode): bigint | null => {
  if (node._tag !== 'scalar' || node.value === null) return null
  if (typeof node.value === 'number') return BigInt(Math.trunc(node.value))
  if (typeof node.value === 'boolean') return node.value ? 1n : 0n
  return /^\s*[-+]?\d{1,100}\s*$/.test(node.value) ? BigInt(node.value.trim().replace(/^\+/, '')) : null
}

const foundIn = (node: YamlNode): string =>
  node._tag === 'scalar' ? (node.value === null ? 'nothing' : 'text') : `a ${node._tag}`
