/** The inventory for `steward inventory`: as it is written, with no template filled in. */
import type * as TH from 'fp-ts/lib/These.js'
import type { ListedGroup, ListedInventory, ListedVariables } from '../model/ansible-inventory.js'
import type { Data } from '../model/data.js'
import type { InputProblems } from '../model/problem.js'
import { surveyOf } from './document.js'
import type { Files } from './files.js'
import { localhostNames } from './inventory/gathered.js'
import { membersOf } from './inventory/members.js'
import { type InventoryOptions, type Sources, surveyGathered } from './inventory.js'
import { dataOf, type YamlNode } from './node.js'

export const surveyListing = (
  files: Files,
  sources: Sources,
  options: InventoryOptions,
): TH.These<InputProblems, ListedInventory> => {
  const { gathered, precedence, problems } = surveyGathered(files, sources, options)
  if (precedence === null) return surveyOf<ListedInventory>(problems, null)
  const groups = [...gathered.groups.values()].map(({ name, hosts, children }): readonly [string, ListedGroup] => [
    name,
    { name, hosts: [...hosts], children: [...children].map(child => child.name) },
  ])
  const hosts = membersOf(gathered.all).flatMap((name): readonly (readonly [string, ListedVariables])[] => {
    const host = gathered.hosts.get(name)
    return host === undefined ? [] : [[name, shown([precedence.ofGroups(host), precedence.ofHost(host)])]]
  })
  const localhost = localhostNames(gathered).map(name => [name, shown([precedence.ofLocalhost(name)])] as const)
  return surveyOf(problems, { groups: new Map(groups), hosts: new Map(hosts), localhost: new Map(localhost) })
}

const shown = (layers: readonly ReadonlyMap<string, YamlNode>[]): ListedVariables => {
  const variables = new Map<string, Data>()
  for (const nodes of layers) {
    for (const [name, node] of nodes) if (!internal.has(name)) variables.set(name, onceOf(node))
  }
  return variables
}

/** What many hosts share is made once. */
const made = new WeakMap<YamlNode, Data>()
const onceOf = (node: YamlNode): Data => {
  const known = made.get(node)
  if (known !== undefined) return known
  const data = dataOf(node)
  made.set(node, data)
  return data
}

/** Whoever sets them: `ansible-inventory` shows none of these (cli/inventory.py, INTERNAL_VARS). */
const internal = new Set([
  'ansible_config_file',
  'ansible_diff_mode',
  'ansible_facts',
  'ansible_forks',
  'ansible_inventory_sources',
  'ansible_limit',
  'ansible_playbook_python',
  'ansible_run_tags',
  'ansible_skip_tags',
  'ansible_verbosity',
  'ansible_version',
  'group_names',
  'groups',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'omit',
  'playbook_dir',
])
