/** From the files that a user wrote to what the other functions take. */
import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblems } from '../model/problem.js'
import type { Secret } from '../model/secret.js'
import type { Files } from '../read/files.js'
import { readInventory } from '../read/inventory.js'
import { readCatalogs, readPlaybook } from '../read/playbook.js'
import { defaultVaultId, vaultWith } from '../read/vault.js'
import { InputError } from './errors.js'
import { shipped } from './here.js'
import { Catalog, Inventory, Playbook } from './loaded.js'
import { ourFiles } from './our-files.js'
import { rememberInputs } from './remember-inputs.js'

/** How files are read. */
export type ReadOptions = Readonly<{
  /** Tried in turn at what is encrypted with Ansible Vault. */
  vaultPasswords?: readonly Secret[]
  /** Where `group_vars` and `host_vars` are looked for besides; beside the playbook, if it is given by its path. */
  playbookDir?: string
}>

/** Reads a playbook and the catalogs that it names. Rejects with an `InputError`. */
export const loadPlaybook = async (file: string, options: ReadOptions = {}): Promise<Playbook> => {
  const { files, inputs } = filesFor(options)
  return new Playbook(orReject(readPlaybook(files, file)), inputs())
}

/**
 * Reads an inventory as Ansible does: a file, a folder, a program, which is run, or hosts as in `h1,h2`; or several of
 * these, later ones adding to those before. Rejects with an `InputError`.
 */
export const loadInventory = async (
  sources: string | readonly string[],
  options: ReadOptions = {},
): Promise<Inventory> => {
  const { files, inputs } = filesFor(options)
  const model = orReject(readInventory(files, sources, shipped, options))
  return new Inventory(model, typeof sources === 'string' ? [sources] : sources, inputs())
}

/** Reads catalogs and those they include, as one. Rejects with an `InputError`. */
export const loadCatalog = async (files: string | readonly string[], options: ReadOptions = {}): Promise<Catalog> => {
  const reading = filesFor(options)
  return new Catalog(orReject(readCatalogs(reading.files, listed(files))), reading.inputs())
}

/** The disk, what is encrypted on it, and what was read. */
export const filesFor = ({ vaultPasswords = [] }: ReadOptions): ReturnType<typeof rememberInputs> => {
  const vault = vaultWith(vaultPasswords.map(password => ({ id: defaultVaultId, password })))
  const files: Files = { ...ourFiles, vault }
  return rememberInputs(files)
}

export const listed = (paths: string | readonly string[]): readonly string[] =>
  typeof paths === 'string' ? [paths] : paths

export const folderOf = (playbook: Playbook | string): string =>
  dirname(typeof playbook === 'string' ? playbook : playbook.file)

export const orReject = <A>(read: E.Either<InputProblems, A>): A => {
  if (E.isLeft(read)) throw new InputError(read.left)
  return read.right
}
