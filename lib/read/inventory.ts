/** The inventory in Ansible's YAML form: groups of hosts, groups of groups, and variables at each level. */
import type * as E from 'fp-ts/lib/Either.js'
import type * as TH from 'fp-ts/lib/These.js'
import type { Inventory } from '../model/inventory.js'
import { GroupName, HostName } from '../model/names.js'
import type { Placed } from '../model/place.js'
import type { InputProblems } from '../model/problem.js'
import { type Codec, type Entry, lazy, mapOf, sealed } from './codec.js'
import { openSurvey, strictly, surveyDocument, surveyOf } from './document.js'
import type { Files } from './files.js'
import { Groups } from './groups.js'
import { type VariableEntry, variables } from './variable.js'

/**
 * `shipped` is the folder steward is installed in: the variable `steward_dir` names it, so that the inventory that
 * comes with steward can point at the estate that does.
 */
export const readInventory = (files: Files, file: string, shipped: string): E.Either<InputProblems, Inventory> =>
  strictly(surveyInventory(files, file, shipped))

/** The same, and what can be read all the same when something is wrong with it. */
export const surveyInventory = (files: Files, file: string, shipped: string): TH.These<InputProblems, Inventory> => {
  const { problems, value: tree } = openSurvey(surveyDocument(files, file, groupsCodec))
  if (tree === null) return surveyOf<Inventory>(problems, null)
  const groups = new Groups()
  for (const entry of tree) gather(entry, null, groups)
  const circles = groups.cycles()
  if (circles.length > 0) return surveyOf<Inventory>([...problems, ...circles], null)
  const magic = { inventory_dir: files.folderOf(file), inventory_file: file, steward_dir: shipped }
  return surveyOf(problems, { file, hosts: groups.hosts(magic), groups: groups.members() })
}

type GroupEntry = Entry<GroupName, Placed<GroupBody>>
type GroupBody = Readonly<{
  hosts?: readonly Entry<HostName, readonly VariableEntry[]>[]
  vars?: readonly VariableEntry[]
  children?: readonly GroupEntry[]
}>

const hosts = mapOf(HostName, variables, 'a map of hosts')

const groupCodec: Codec<Placed<GroupBody>> = lazy('a group', () =>
  sealed('a group', {}, { hosts, vars: variables, children: groupsCodec }),
)

const groupsCodec: Codec<readonly GroupEntry[]> = mapOf(GroupName, groupCodec, 'a map of groups')

const gather = ({ key, value: { value: body } }: GroupEntry, parent: GroupName | null, groups: Groups): void => {
  const group = groups.declare(key, parent)
  for (const entry of body.vars ?? []) group.variables.set(entry.key.value, entry.value)
  for (const { key: host, value: entries } of body.hosts ?? []) {
    const own = groups.addHost(group, host)
    for (const entry of entries) own.set(entry.key.value, entry.value)
  }
  for (const child of body.children ?? []) gather(child, key.value, groups)
}
