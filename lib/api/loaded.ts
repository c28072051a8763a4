/** What was read from files: opaque, so that it can be handed on and not be made up. */
import type { Catalog as CatalogModel } from '../model/catalog.js'
import type { Inventory as InventoryModel } from '../model/inventory.js'
import type { InputFile } from '../model/journal.js'
import type { Playbook as PlaybookModel } from '../model/playbook.js'

/** A playbook and the catalogs that it names. Only `loadPlaybook` makes one. */
export class Playbook {
  readonly #model: PlaybookModel
  /** As it was named. */
  readonly file: string
  /** The names of its plays, in order. */
  readonly plays: readonly string[]
  /** The files that were read, and what was in them. */
  readonly inputs: readonly InputFile[]

  /** @internal */
  constructor(model: PlaybookModel, inputs: readonly InputFile[]) {
    this.#model = model
    this.file = model.file
    this.plays = model.plays.map(({ name }) => name)
    this.inputs = inputs
  }

  /** @internal */
  get model(): PlaybookModel {
    return this.#model
  }
}

/** Hosts, groups and variables. Only `loadInventory` makes one. */
export class Inventory {
  readonly #model: InventoryModel
  /** As they were named, in order. */
  readonly sources: readonly string[]
  /** The names of all hosts, in order. */
  readonly hosts: readonly string[]
  /** The files that were read, and what was in them. */
  readonly inputs: readonly InputFile[]

  /** @internal */
  constructor(model: InventoryModel, sources: readonly string[], inputs: readonly InputFile[]) {
    this.#model = model
    this.sources = sources
    this.hosts = [...model.hosts.keys()]
    this.inputs = inputs
  }

  /** @internal */
  get model(): InventoryModel {
    return this.#model
  }
}

/** Services: how each is started, stopped and recognised. Only `loadCatalog` makes one. */
export class Catalog {
  readonly #model: CatalogModel
  /** The names of its services. */
  readonly services: readonly string[]
  /** The files that were read, and what was in them. */
  readonly inputs: readonly InputFile[]

  /** @internal */
  constructor(model: CatalogModel, inputs: readonly InputFile[]) {
    this.#model = model
    this.services = [...model.keys()]
    this.inputs = inputs
  }

  /** @internal */
  get model(): CatalogModel {
    return this.#model
  }
}
