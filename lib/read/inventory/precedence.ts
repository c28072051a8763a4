/** Whose word counts for a host: Ansible's order of precedence (vars/manager.py, VARIABLE_PRECEDENCE). */
import type { YamlNode } from '../node.js'
import type { Gathered, GatheredHost, Group } from './gathered.js'
import { ancestorsOf, depthsOf } from './members.js'
import type { VarFiles } from './var-files.js'

type Nodes = ReadonlyMap<string, YamlNode>

/** Folders that may hold `group_vars` and `host_vars`: beside each source, in order, and beside the playbook. */
export type Bases = Readonly<{ inventory: readonly string[]; playbook: string }>

export class Precedence {
  readonly #gathered: Gathered
  readonly #varFiles: VarFiles
  readonly #bases: Bases
  readonly #depths: ReadonlyMap<Group, number>
  /** Of hosts that are in the same groups; most are. */
  readonly #layers = new Map<string, Layer>()
  readonly #numbers = new Map<Group, number>()

  constructor(gathered: Gathered, varFiles: VarFiles, bases: Bases) {
    this.#gathered = gathered
    this.#varFiles = varFiles
    this.#bases = bases
    this.#depths = depthsOf(gathered)
    for (const group of gathered.groups.values()) this.#numbers.set(group, this.#numbers.size)
  }

  /** All its groups, from the one that counts least to the one that counts most; `all` is the first. */
  groupsOf(host: GatheredHost): readonly Group[] {
    return this.#layerOf(host.groups).groups
  }

  /** What its groups say. Hosts in the same groups get the very same map. */
  ofGroups(host: GatheredHost): Nodes {
    return this.#layerOf(host.groups).nodes
  }

  /** What is said of this host alone. */
  ofHost({ name, variables }: GatheredHost): Nodes {
    const files = this.#files('host_vars', name)
    return files.length === 0 ? variables : merge([variables, ...files])
  }

  /** What counts for this machine where the inventory does not have it: it is in no group, and what is said of all counts. */
  ofLocalhost(name: string): Nodes {
    const { all } = this.#gathered
    const local: YamlNode = { _tag: 'scalar', value: 'local', text: 'local', at: all.at }
    const implied = new Map([['ansible_connection', local]])
    return merge([this.#layerOf(new Set([all])).nodes, implied, ...this.#files('host_vars', name)])
  }

  #layerOf(direct: ReadonlySet<Group>): Layer {
    const key = [...direct].map(group => this.#numbers.get(group)).join(' ')
    const layer = this.#layers.get(key) ?? this.#makeLayer(direct)
    this.#layers.set(key, layer)
    return layer
  }

  #makeLayer(direct: ReadonlySet<Group>): Layer {
    const { all } = this.#gathered
    const groups = [...ancestorsOf(direct)].filter(group => group !== all).sort(this.#byWeight)
    const { inventory, playbook } = this.#bases
    const files = (base: string, of: readonly Group[]) =>
      of.map(({ name }) => this.#varFiles.of('group_vars', base, name))
    const nodes = merge([
      all.variables,
      ...groups.map(({ variables }) => variables),
      ...[...inventory, playbook].flatMap(base => files(base, [all])),
      ...[...inventory, playbook].flatMap(base => files(base, groups)),
    ])
    return { groups: [all, ...groups], nodes }
  }

  #files(kind: 'group_vars' | 'host_vars', name: string): readonly Nodes[] {
    const { inventory, playbook } = this.#bases
    return [...inventory, playbook].map(base => this.#varFiles.of(kind, base, name)).filter(nodes => nodes.size > 0)
  }

  readonly #byWeight = (a: Group, b: Group): number =>
    (this.#depths.get(a) ?? 0) - (this.#depths.get(b) ?? 0) ||
    Number(a.priority - b.priority) ||
    (a.name < b.name ? -1 : 1)
}

type Layer = Readonly<{ groups: readonly Group[]; nodes: Nodes }>

const merge = (layers: readonly Nodes[]): Nodes => {
  const merged = new Map<string, YamlNode>()
  for (const layer of layers) for (const [name, node] of layer) merged.set(name, node)
  return merged
}
