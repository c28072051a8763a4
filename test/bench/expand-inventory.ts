/** Reads the inventory that is named and expands a service on each of its hosts; prints what that took. */
import * as E from 'fp-ts/lib/Either.js'
import { expandCatalog } from '../../lib/decide/expand.js'
import { diskFiles } from '../../lib/read/files.js'
import { readInventory } from '../../lib/read/inventory.js'
import { readCatalogs } from '../../lib/read/playbook.js'

/** What is made of a host's own variables, and of others' besides. */
const templates: Readonly<Record<string, string>> = {
  own: '{{ log }}',
  groups: '{{ groups[group_names[0]][0] }} {{ log }}',
  hostvars: '{{ hostvars[groups[group_names[0]][0]].ansible_host }} {{ hostvars[groups.all[-1]].log }}',
}
const catalog = `services:
  app: { hosts: all, script: "{{ home }}/init", processes: { app: { args: ["-Dhome={{ home }}", "${templates[process.argv[3] ?? 'own']}"], listens: "{{ port }}" } } }`

const files = { ...diskFiles, read: (path: string) => (path === 'catalog' ? E.right(catalog) : diskFiles.read(path)) }
const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right
  throw new Error(JSON.stringify(result.left).slice(0, 1000))
}

const inventory = right(readInventory(files, process.argv[2] ?? '', '/shipped'))
const { plays } = right(expandCatalog(right(readCatalogs(files, ['catalog'])), inventory, null))
if (plays[0]?.prerequisites.length !== inventory.hosts.size) throw new Error('a host was left out')
const { user, system } = process.cpuUsage()
let values = 0
for (const { variables } of inventory.hosts.values()) values += variables.size
const maxMiB = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ ms: (user + system) / 1000, maxMiB, hosts: inventory.hosts.size, values }))
