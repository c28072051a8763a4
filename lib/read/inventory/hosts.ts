/** The hosts of an inventory with their variables, as the rest of steward knows them. */
import * as E from 'fp-ts/lib/Either.js'
import type { Host } from '../../model/inventory.js'
import { LazyMap } from '../../model/lazy-map.js'
import type { HostName } from '../../model/names.js'
import type { SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import type { Variable, Variables } from '../../model/template.js'
import type { Value } from '../../model/value.js'
import { decode } from '../codec.js'
import type { Files } from '../files.js'
import type { YamlNode } from '../node.js'
import { variable } from '../variable.js'
import { type Gathered, type GatheredHost, localhostNames } from './gathered.js'
import { ipv4, ipv6 } from './host-range.js'
import { membersOf } from './members.js'
import type { Precedence } from './precedence.js'

type Nodes = ReadonlyMap<string, YamlNode>
/** `magic`: variables that are the same for all hosts and that nobody can set. `defaults`: what counts least. */
type Surroundings = Readonly<{ files: Files; magic: Readonly<Record<string, string>>; defaults: Nodes }>

/** In the order they came. A host's variables are put together when they are asked for. */
export const hostsOf = (
  gathered: Gathered,
  precedence: Precedence,
  surroundings: Surroundings,
): Readonly<{ hosts: ReadonlyMap<HostName, Host>; mistakes: readonly InputProblem[] }> => {
  const mistakes: InputProblem[] = []
  // Also of groups that no host is in.
  for (const { variables } of gathered.groups.values()) variablesOf(variables, mistakes)
  const layers = new Map<Nodes, Layer>()
  const layerOf = (host: GatheredHost): Layer => {
    const nodes = precedence.ofGroups(host)
    const layer = layers.get(nodes) ?? {
      variables: variablesOf(new Map([...surroundings.defaults, ...nodes]), mistakes),
      names: namesOf(precedence, host),
    }
    layers.set(nodes, layer)
    return layer
  }
  const groups = groupsVariable(gathered)
  const hosts = new Map<HostName, Host>()
  for (const [name, host] of gathered.hosts) {
    const layer = layerOf(host)
    const own = precedence.ofHost(host)
    for (const node of own.values()) if (mayBeWrong(node)) variablesOf(new Map([['', node]]), mistakes)
    hosts.set(name, new LazyHost(name, host.at, () => together(host, layer, own, groups, surroundings)))
  }
  return { hosts, mistakes }
}

/** This machine, for a pattern that names it where the inventory does not have it. */
export const localhostOf = (
  gathered: Gathered,
  precedence: Precedence,
  { magic }: Surroundings,
): ReadonlyMap<string, Host> => {
  const at = gathered.all.at
  const hosts = localhostNames(gathered).map(name => {
    const names = { inventory_hostname: name, inventory_hostname_short: shortName(name), ...magic }
    const ofGroups = [
      ['group_names', { _tag: 'Known', value: [], at }],
      ['groups', groupsVariable(gathered)],
    ] as const
    const variables = () =>
      new Map([...variablesOf(precedence.ofLocalhost(name), []), ...textVariables(names, at), ...ofGroups])
    return [name, new LazyHost(name, at, variables)] as const
  })
  return new Map(hosts)
}

class LazyHost implements Host {
  readonly name: HostName
  readonly at: SourcePos
  #make: (() => Variables) | null
  #made: Variables = new Map()

  constructor(name: HostName, at: SourcePos, make: () => Variables) {
    this.name = name
    this.at = at
    this.#make = make
  }

  get variables(): Variables {
    if (this.#make !== null) this.#made = this.#make()
    this.#make = null
    return this.#made
  }
}

/** What hosts in the same groups have in common. */
type Layer = Readonly<{ variables: Variables; names: Variable }>

const together = (
  host: GatheredHost,
  layer: Layer,
  own: Nodes,
  groups: Variable,
  { files, magic }: Surroundings,
): Variables => {
  const { name, at, source } = host
  const merged = new Map(layer.variables)
  for (const [name, value] of variablesOf(own, [])) merged.set(name, value)
  for (const [old, current] of oldNames) {
    const value = merged.get(old)
    if (value !== undefined) merged.set(current, value)
  }
  const keyFile = merged.get('ansible_private_key_file')
  if (keyFile !== undefined && !merged.has('ansible_ssh_private_key_file'))
    merged.set('ansible_ssh_private_key_file', keyFile)
  const places =
    source === null ? {} : { inventory_dir: files.folderOf(source), inventory_file: files.absolute(source) }
  const names = { inventory_hostname: name, inventory_hostname_short: shortName(name) }
  for (const [name, value] of textVariables({ ...names, ...places, ...magic }, at)) merged.set(name, value)
  return merged.set('group_names', layer.names).set('groups', groups)
}

/** Names of the same thing, the later one counting more, as for Ansible's plugin (plugins/connection/ssh.py). */
const oldNames = [
  ['ansible_ssh_host', 'ansible_host'],
  ['ansible_ssh_port', 'ansible_port'],
  ['ansible_ssh_user', 'ansible_user'],
  ['ansible_ssh_pass', 'ansible_password'],
  ['ansible_ssh_password', 'ansible_password'],
] as const

/** Up to the first dot; an address has none that would part it. */
const shortName = (name: string): string => (ipv4.test(name) || ipv6.test(name) ? name : name.replace(/\..*$/, ''))

const namesOf = (precedence: Precedence, host: GatheredHost): Variable => {
  const names = precedence.groupsOf(host).map(({ name }) => name as string)
  return { _tag: 'Known', value: names.filter(name => name !== 'all').sort(), at: host.at }
}

/** Every group with its hosts: one value for all hosts, of which only what is asked for is worked out. */
const groupsVariable = ({ groups, all: { at } }: Gathered): Variable => {
  const value = new LazyMap<string, Value>(groups, name => {
    const group = groups.get(name)
    return group === undefined ? [] : membersOf(group)
  })
  return { _tag: 'Known', value, at }
}

const variablesOf = (nodes: Nodes, mistakes: InputProblem[]): Variables => {
  const variables = new Map<string, Variable>()
  for (const [name, node] of nodes) {
    const read = decode(variable, node)
    if (E.isRight(read)) variables.set(name, read.right)
    else for (const problem of read.left) mistakes.push(problem)
  }
  return variables
}

/** Only what may hold a template can hold a mistake. */
const mayBeWrong = (node: YamlNode): boolean =>
  node._tag !== 'scalar' || (typeof node.value === 'string' && node.value.includes('{'))

const textVariables = (
  values: Readonly<Record<string, string>>,
  at: SourcePos,
): readonly (readonly [string, Variable])[] =>
  Object.entries(values).map(([name, value]) => [name, { _tag: 'Text', template: { parts: [value], at } }] as const)
