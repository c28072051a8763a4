/** What is wanted, from which files, and on which hosts. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TH from 'fp-ts/lib/These.js'
import { expandCatalog, expandPlaybook } from '../decide/expand.js'
import { chooseByTags } from '../decide/tags.js'
import type { InputFile } from '../model/journal.js'
import type { Expansion } from '../model/playbook.js'
import type { Files } from '../read/files.js'
import { surveyInventory } from '../read/inventory.js'
import { surveyCatalogs, surveyPlaybook } from '../read/playbook.js'
import { InputError } from './errors.js'
import { expandInput } from './expand-input.js'
import { shipped } from './here.js'
import { filesFor, folderOf, listed, orReject, type ReadOptions } from './load.js'
import { Catalog, Inventory, Playbook } from './loaded.js'
import { restarted, surveyServices } from './service-book.js'

/** What each of the files may be given as: its path, or what was loaded from it. Mistakes of paths are found together. */
type HostsInput = ReadOptions &
  Readonly<{
    inventory: Inventory | string | readonly string[]
    /** Only these hosts: a pattern, as after `-l`. */
    limit?: string
    /** Variables that win over all others, as after `-e`: data as in JSON. */
    extraVars?: Readonly<Record<string, unknown>>
  }>

/** Services in the state that a playbook wants. */
export type PlaybookInput = HostsInput &
  Readonly<{
    playbook: Playbook | string
    /** Only services with one of these tags, and without any of those. */
    tags?: readonly string[]
    skipTags?: readonly string[]
  }>

/** Services as catalogs know them, wherever they live. */
export type CatalogInput = HostsInput & Readonly<{ catalogs: Catalog | string | readonly string[] }>

/** Services of catalogs, to be restarted wherever they live. */
export type RestartInput = CatalogInput &
  Readonly<{
    /** Their names. */
    services: readonly string[]
    /** What was started later than this is left as it is, in milliseconds since 1970; the moment of the call. */
    startedAfterMs?: number
  }>

/** A restart with its moment. */
export type DatedRestart = RestartInput & Readonly<{ startedAfterMs: number }>

export type ReadInput = Readonly<{ expansion: Expansion; inputs: readonly InputFile[] }>

/** Everything there is to know before the first connection; throws an `InputError` with all mistakes. */
export const readInput = (input: PlaybookInput | CatalogInput): ReadInput =>
  readBy(input, files => ('playbook' in input ? expandBook(input, files) : expandServices(input, files)))

/** The same of what is to be brought about. */
export const readWanted = (input: PlaybookInput | DatedRestart): ReadInput =>
  readBy(input, files => ('playbook' in input ? expandBook(input, files) : expandRestart(input, files)))

const readBy = (
  input: PlaybookInput | CatalogInput,
  expand: (files: Files) => ReturnType<typeof expandBook>,
): ReadInput => {
  const { files, inputs } = filesFor(input)
  const expansion = orReject(expand(files))
  const loaded = ['playbook' in input ? input.playbook : input.catalogs, input.inventory].flatMap(one =>
    one instanceof Playbook || one instanceof Catalog || one instanceof Inventory ? one.inputs : [],
  )
  return { expansion, inputs: [...loaded, ...inputs()] }
}

const expandBook = (input: PlaybookInput, files: Files) => {
  const { playbook, tags = [], skipTags = [] } = input
  return expandInput(
    playbook instanceof Playbook ? TH.right(playbook.model) : surveyPlaybook(files, playbook),
    inventoryOf({ playbookDir: folderOf(playbook), ...input }, files),
    (read, inventory, limit) =>
      pipe(
        chooseByTags(read, { tags, skipTags }),
        E.flatMap(chosen => expandPlaybook(chosen, inventory, limit)),
      ),
    givenBy(input, files),
  )
}

const expandServices = (input: CatalogInput, files: Files) =>
  expandInput(catalogsOf(input, files), inventoryOf(input, files), expandCatalog, givenBy(input, files))

const expandRestart = (input: DatedRestart, files: Files) =>
  expandInput(
    surveyServices(input.services, catalogsOf(input, files), restarted(input.startedAfterMs)),
    inventoryOf(input, files),
    expandPlaybook,
    givenBy(input, files),
  )

const catalogsOf = ({ catalogs }: CatalogInput, files: Files) =>
  catalogs instanceof Catalog ? TH.right(catalogs.model) : surveyCatalogs(files, listed(catalogs))

const inventoryOf = (input: HostsInput, files: Files) =>
  input.inventory instanceof Inventory
    ? TH.right(input.inventory.model)
    : surveyInventory(files, input.inventory, shipped, input)

const givenBy = ({ limit, extraVars }: HostsInput, files: Files) => ({
  files,
  ...(limit === undefined ? {} : { limit }),
  ...(extraVars === undefined ? {} : { extraVars: [jsonOf(extraVars)] }),
})

const jsonOf = (extraVars: unknown): string => {
  try {
    return JSON.stringify(extraVars)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InputError([{ _tag: 'BadUsage', reason: `extraVars hold what JSON cannot: ${why}` }])
  }
}
