/** The vault passwords that the command line, the environment and whoever sits at the terminal give. */
import { accessSync, constants, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { ourFiles } from '../api/our-files.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import { Secret } from '../model/secret.js'
import type { Files } from '../read/files.js'
import { defaultVaultId, type VaultKey, vaultWith } from '../read/vault.js'
import { outputOf } from '../remote/here.js'
import { ourselves } from '../remote/ourselves.js'
import { askHidden } from './ask-hidden.js'

export type VaultOptions = Readonly<{
  askVaultPass?: true
  vaultPasswordFile?: readonly string[]
  /** Ansible's other name for the same. */
  vaultPassFile?: readonly string[]
  /** `ID@SOURCE`, or a source alone; it is a file, a program or `prompt`. */
  vaultId?: readonly string[]
}>

type Source = Readonly<{ id: string; from: string }>

/** In the order they are tried. A program is run, and a person asked, once each. */
export const vaultKeys = async (
  options: VaultOptions,
  twice = false,
): Promise<E.Either<InputProblems, readonly VaultKey[]>> => {
  const keys: VaultKey[] = []
  const problems: InputProblem[] = []
  for (const { id, from } of sourcesIn(options)) {
    const password = from === 'prompt' ? await ask(id, twice) : await fromFile(id, from)
    if (E.isLeft(password)) problems.push(password.left)
    else if (password.right.reveal() === '')
      problems.push(bad(`the vault password of ${sourceName(id, from)} is empty`))
    else keys.push({ id, password: password.right })
  }
  const [first, ...rest] = problems
  return first === undefined ? E.right(keys) : E.left([first, ...rest])
}

/** The files of the disk, and how what is encrypted in them is opened. */
export const filesWithVault = async (options: VaultOptions): Promise<E.Either<InputProblems, Files>> =>
  E.map((keys: readonly VaultKey[]): Files => ({ ...ourFiles, vault: vaultWith(keys) }))(await vaultKeys(options))

/** As they are written down with a run: where passwords come from, never what they are. */
export const vaultAsJournalled = ({ askVaultPass, vaultId, ...files }: VaultOptions) => ({
  ...(askVaultPass ? { 'ask-vault-pass': true } : {}),
  ...(passwordFiles(files).length === 0
    ? {}
    : { 'vault-password-file': passwordFiles(files).map(path => resolve(path)) }),
  ...(vaultId === undefined ? {} : { 'vault-id': vaultId.map(absolute) }),
})

export const vaultFromJournal = (more: Readonly<Record<string, unknown>>): VaultOptions => ({
  ...(more['ask-vault-pass'] === true ? { askVaultPass: true } : {}),
  ...(Array.isArray(more['vault-password-file']) ? { vaultPasswordFile: more['vault-password-file'] } : {}),
  ...(Array.isArray(more['vault-id']) ? { vaultId: more['vault-id'] } : {}),
})

/** Is there any password to be had without asking? */
export const hasVaultSource = (options: VaultOptions): boolean => sourcesIn(options).length > 0

const passwordFiles = ({ vaultPasswordFile = [], vaultPassFile = [] }: VaultOptions): readonly string[] => [
  ...vaultPasswordFile,
  ...vaultPassFile,
]

const sourcesIn = ({ askVaultPass, vaultId = [], ...files }: VaultOptions): readonly Source[] => {
  const fromEnvironment = process.env['ANSIBLE_VAULT_PASSWORD_FILE']
  return [
    ...vaultId.map(sourceOf),
    ...passwordFiles(files).map(from => ({ id: defaultVaultId, from })),
    ...(fromEnvironment ? [{ id: defaultVaultId, from: fromEnvironment }] : []),
    ...(askVaultPass ? [{ id: defaultVaultId, from: 'prompt' }] : []),
  ]
}

const sourceOf = (text: string): Source => {
  const at = text.indexOf('@')
  return at < 0
    ? { id: defaultVaultId, from: text }
    : { id: text.slice(0, at) || defaultVaultId, from: text.slice(at + 1) }
}

const absolute = (text: string): string => {
  const { id, from } = sourceOf(text)
  return `${id}@${from === 'prompt' ? from : resolve(from)}`
}

const sourceName = (id: string, from: string): string => (from === 'prompt' ? `the vault id "${id}"` : from)

const ask = async (id: string, twice: boolean): Promise<E.Either<InputProblem, Secret>> => {
  const what = id === defaultVaultId ? 'Vault password' : `Vault password (${id})`
  const first = await askHidden(`${what}: `)
  if (first === null) return E.left(bad(`there is no terminal to ask for the password of the vault id "${id}" on`))
  const second = twice ? await askHidden(`Once more: `) : first
  return second?.reveal() === first.reveal() ? E.right(first) : E.left(bad('the two passwords are not the same'))
}

/** A program prints the password; one that is called `…-client` is told which one is wanted, as in Ansible. */
const fromFile = async (id: string, written: string): Promise<E.Either<InputProblem, Secret>> => {
  const path = written.replace(/^~(?=\/|$)/, process.env['HOME'] || ourselves().home)
  const unreadable = (reason: string): E.Either<InputProblem, never> =>
    E.left({ _tag: 'UnreadableFile', path, reason, at: null })
  if (isProgram(path)) {
    const isClient = basename(path)
      .replace(/\.[^.]*$/, '')
      .endsWith('-client')
    const printed = await outputOf(resolve(path), isClient ? ['--vault-id', id] : [])
    if (E.isLeft(printed)) return unreadable(printed.left)
    return E.right(new Secret(printed.right.toString('utf8').replace(/^[\r\n]+|[\r\n]+$/g, '')))
  }
  const text = ourFiles.read(path)
  return E.isLeft(text) ? unreadable(text.left) : E.right(new Secret(text.right.trim()))
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const bad = (reason: string): InputProblem => ({ _tag: 'BadUsage', reason })
