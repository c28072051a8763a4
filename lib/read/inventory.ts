/** The inventory, as Ansible reads it: whatever `-i` names, with `group_vars` and `host_vars`. */
import type * as E from 'fp-ts/lib/Either.js'
import type * as TH from 'fp-ts/lib/These.js'
import type { Inventory } from '../model/inventory.js'
import { LazyMap } from '../model/lazy-map.js'
import type { InputProblems } from '../model/problem.js'
import { strictly, surveyOf } from './document.js'
import type { Files } from './files.js'
import { hostsOf, localhostOf } from './inventory/hosts.js'
import { circlesIn, membersOf } from './inventory/members.js'
import { type Bases, Precedence } from './inventory/precedence.js'
import { type GatheredSources, gatherSources, isHostList } from './inventory/sources.js'
import { VarFiles } from './inventory/var-files.js'
import type { YamlNode } from './node.js'

/** One source or several, later ones adding to those before: a file, a folder, a program, or hosts such as `h1,h2`. */
export type Sources = string | readonly string[]

export type InventoryOptions = Readonly<{
  /** Where `group_vars` and `host_vars` are looked for besides; the working folder if it is not given. */
  playbookDir?: string
  /** What counts where nobody says anything else, as `ansible.cfg` does. */
  defaults?: ReadonlyMap<string, YamlNode>
}>

/**
 * `shipped` is the folder steward is installed in: the variable `steward_dir` names it, so that the inventory that
 * comes with steward can point at the estate that does.
 */
export const readInventory = (
  files: Files,
  sources: Sources,
  shipped: string,
  options: InventoryOptions = {},
): E.Either<InputProblems, Inventory> => strictly(surveyInventory(files, sources, shipped, options))

/** The same, and what can be read all the same when something is wrong with it. */
export const surveyInventory = (
  files: Files,
  sources: Sources,
  shipped: string,
  options: InventoryOptions = {},
): TH.These<InputProblems, Inventory> => {
  const { gathered, precedence, problems } = surveyGathered(files, sources, options)
  if (precedence === null) return surveyOf<Inventory>(problems, null)
  const magic = {
    steward_dir: shipped,
    playbook_dir: playbookDirOf(files, options),
  }
  const surroundings = { files, magic, defaults: options.defaults ?? new Map() }
  const { hosts, mistakes } = hostsOf(gathered, precedence, surroundings)
  return surveyOf([...problems, ...mistakes], {
    file: listed(sources).join(', '),
    hosts,
    groups: new LazyMap(gathered.groups, name => {
      const group = gathered.groups.get(name)
      return group === undefined ? [] : membersOf(group)
    }),
    localhost: localhostOf(gathered, precedence, surroundings),
  })
}

/** What was gathered, and whose word counts; null where that cannot be told, as groups form a circle. */
export type SurveyedGroups = GatheredSources & Readonly<{ precedence: Precedence | null }>

export const surveyGathered = (files: Files, sources: Sources, options: InventoryOptions): SurveyedGroups => {
  const named = listed(sources)
  const { gathered, problems } = gatherSources(files, named)
  const circles = circlesIn(gathered)
  if (circles.length > 0) return { gathered, problems: [...problems, ...circles], precedence: null }
  const varFiles = new VarFiles(files)
  const precedence = new Precedence(gathered, varFiles, basesOf(files, named, options))
  // Whatever is wrong with a file is found before anything is asked of a host.
  for (const host of gathered.hosts.values()) {
    precedence.ofGroups(host)
    precedence.ofHost(host)
  }
  return { gathered, problems: [...problems, ...varFiles.problems], precedence }
}

const listed = (sources: Sources): readonly string[] => (typeof sources === 'string' ? [sources] : sources)

const basesOf = (files: Files, sources: readonly string[], options: InventoryOptions): Bases => {
  const folders = sources
    .filter(source => !isHostList(files, source))
    .map(source => (files.kindOf(source) === 'folder' ? files.absolute(source) : files.folderOf(source)))
  return { inventory: [...new Set(folders.reverse())].reverse(), playbook: playbookDirOf(files, options) }
}

const playbookDirOf = (files: Files, { playbookDir }: InventoryOptions): string => files.absolute(playbookDir ?? '.')
