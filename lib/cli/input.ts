/** From file names on the command line to everything a run needs to know before it connects. */
import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TH from 'fp-ts/lib/These.js'
import { type Expand, expandInput, problemsOf } from '../api/expand-input.js'
import { ourFiles } from '../api/our-files.js'
import { surveyServices } from '../api/service-book.js'
import { expandCatalog, expandHosts, expandPlaybook } from '../decide/expand.js'
import { onlyServices } from '../decide/only-services.js'
import { startAt } from '../decide/start-at.js'
import { chooseByTags } from '../decide/tags.js'
import { type BecomeWish, orElse } from '../model/become.js'
import type { HostName } from '../model/names.js'
import type { Looks, Observation } from '../model/observation.js'
import type { Desire, Expansion, Playbook } from '../model/playbook.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { Template } from '../model/template.js'
import { readSavedLook } from '../observe/saved-look.js'
import { diskFiles, type Files } from '../read/files.js'
import { type InventoryOptions, type Sources, surveyInventory } from '../read/inventory.js'
import { readPattern } from '../read/pattern.js'
import { surveyCatalogs, surveyPlaybook } from '../read/playbook.js'
import { type BecomeOptions, becomeWish } from './become-options.js'
import { type RolloutOptions, withRollout } from './rollout-options.js'

export type InputOptions = Readonly<{
  inventory: Sources
  limit?: string
  /** Only these hosts of the limit. */
  only?: readonly string[]
  extraVars?: readonly string[]
  tags?: readonly string[]
  skipTags?: readonly string[]
  startAt?: string
  shipped: string
  /** Where `group_vars` and `host_vars` are looked for besides; beside the playbook where there is one. */
  playbookDir?: string
  /** What counts where the inventory says nothing. */
  defaults?: NonNullable<InventoryOptions['defaults']>
  /** As whom to act where nothing but `ansible.cfg` says it. */
  configured?: BecomeWish<Template>
  files?: Files
}> &
  BecomeOptions &
  RolloutOptions

/** The mistakes of all files are reported together. */
export const readRun = (playbook: string, options: InputOptions): E.Either<InputProblems, Expansion> =>
  expandAll(
    surveyPlaybook(options.files ?? ourFiles, playbook),
    (read, inventory, limit) =>
      pipe(
        chooseByTags(read, { tags: options.tags ?? [], skipTags: options.skipTags ?? [] }),
        E.flatMap(chosen => expandPlaybook(withRollout(chosen, options), inventory, limit)),
        E.flatMap(expansion =>
          options.startAt === undefined ? E.right(expansion) : startAt(expansion, options.startAt),
        ),
      ),
    { playbookDir: dirname(playbook), ...options },
  )

/** `names`: only what lives on the hosts of these services. */
export const readStatus = (
  catalogs: readonly string[],
  options: InputOptions,
  names: readonly string[] = [],
): E.Either<InputProblems, Expansion> => {
  const paths = catalogs.length > 0 ? catalogs : diskFiles.yamlFilesIn(catalogFolder)
  const expansion = expandAll(
    paths.length > 0 ? surveyCatalogs(options.files ?? diskFiles, paths) : TH.left([noCatalog]),
    (catalog, inventory, limit) =>
      E.flatMap((expansion: Expansion) => onlyServices(names, catalog, expansion))(
        expandCatalog(catalog, inventory, limit),
      ),
    options,
  )
  if (E.isRight(expansion) || catalogs.length > 0) return expansion
  const isForOthers = expansion.left.some(({ _tag }) => _tag === 'UnknownHost')
  return isForOthers ? E.left([notNamed, ...expansion.left]) : expansion
}

/** Services of catalogs in one state, wherever they live. Each counts once. */
export const readServices = (
  names: readonly string[],
  catalogs: readonly string[],
  desire: Desire,
  options: InputOptions,
): E.Either<InputProblems, Readonly<{ expansion: Expansion; catalogs: readonly string[] }>> => {
  const paths = catalogs.length > 0 ? catalogs : diskFiles.yamlFilesIn(catalogFolder)
  const files = options.files ?? ourFiles
  const survey = paths.length > 0 ? surveyCatalogs(files, paths) : TH.left<InputProblems>([noCatalog])
  const expansion = expandAll(
    TH.map((book: Playbook) => withRollout(book, options))(surveyServices(names, survey, desire)),
    expandPlaybook,
    options,
  )
  return E.map((found: Expansion) => ({ expansion: found, catalogs: paths }))(expansion)
}

/** Hosts by name or pattern, whatever lives on them. */
export const readHosts = (patterns: readonly string[], options: InputOptions): E.Either<InputProblems, Expansion> => {
  const text = patterns.join(',')
  const read = readPattern(text, null)
  if (E.isLeft(read)) return problemsOf(read.left)
  const { limit: _, ...unlimited } = options
  return expandAll(TH.right(read.right), expandHosts, unlimited)
}

/**
 * Every host of the inventory, or those of the limit, with what the catalogs say of them. Hosts need no catalog, and one
 * that nobody named and that is for other hosts says nothing of these.
 */
export const readCheck = (catalogs: readonly string[], options: InputOptions): E.Either<InputProblems, Expansion> => {
  const hosts = readHosts([options.limit ?? 'all'], options)
  const hasCatalog = catalogs.length > 0 || diskFiles.yamlFilesIn(catalogFolder).length > 0
  if (E.isLeft(hosts) || !hasCatalog) return hosts
  const services = readStatus(catalogs, options)
  if (E.isLeft(services)) return services.left.includes(notNamed) ? hosts : services
  const { plays, lookAs, redactions = [] } = services.right
  return E.right({
    ...hosts.right,
    plays,
    lookAs: new Map([...hosts.right.lookAs, ...lookAs]),
    redactions: [...(hosts.right.redactions ?? []), ...redactions],
  })
}

/** Looks that were saved by `steward probe`, by their hosts. */
export const readSavedLooks = (paths: readonly string[]): E.Either<InputProblems, Looks> => {
  const looks = new Map<HostName, E.Either<string, Observation>>()
  const problems: InputProblem[] = []
  for (const path of paths) {
    const text = diskFiles.read(path)
    const look = E.isLeft(text) ? text : readSavedLook(text.right)
    if (E.isLeft(look)) problems.push({ _tag: 'UnreadableFile', path, reason: look.left, at: null })
    else looks.set(look.right.host, look)
  }
  const [first, ...rest] = problems
  return first === undefined ? E.right(looks) : E.left([first, ...rest])
}

const expandAll = <A>(
  survey: TH.These<InputProblems, A>,
  expand: Expand<A>,
  options: InputOptions,
): E.Either<InputProblems, Expansion> => {
  const files = options.files ?? ourFiles
  const inventory = surveyInventory(files, options.inventory, options.shipped, options)
  const become = orElse(becomeWish(options), options.configured)
  return expandInput(survey, inventory, expand, { ...options, files, become })
}

/** Where `status` finds catalogs when none is named. */
const catalogFolder = 'playbooks/catalog'

const noCatalog: InputProblem = {
  _tag: 'BadUsage',
  reason: `there is no catalog in ${catalogFolder}; name one with -c FILE`,
}

/** They may be of another estate than the inventory. */
const notNamed: InputProblem = {
  _tag: 'BadUsage',
  reason: `the catalogs are those in ${catalogFolder}, as none was named; name your own with -c FILE`,
}
