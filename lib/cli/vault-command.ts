/** `steward vault`: files and values that Ansible Vault can open, and the other way round. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { InputProblem } from '../model/problem.js'
import { defaultVaultId, type Opened, openVault, type VaultKey } from '../read/vault.js'
import { isEnvelope, sealText } from '../read/vault-cipher.js'
import { atTerminal } from '../remote/here.js'
import { printable } from '../report/printable.js'
import { askHidden } from './ask-hidden.js'
import { refuse } from './common.js'
import { inPrivateCopy } from './private-copy.js'
import { replaceFile } from './replace-file.js'
import { hasVaultSource, type VaultOptions, vaultKeys } from './vault-keys.js'

type SealOptions = VaultOptions & Readonly<{ encryptVaultId?: string }>

export const viewCommand = (paths: readonly string[], options: VaultOptions): Promise<ExitCode> =>
  withKeys(options, false, keys => {
    for (const path of paths) {
      const opened = openFile(path, keys)
      if (E.isLeft(opened)) return refuse([opened.left], {})
      process.stdout.write(opened.right.content)
    }
    return exitCodes.ok
  })

/** All of them or none: the first that cannot be encrypted is told before anything is written. */
export const encryptCommand = (paths: readonly string[], options: SealOptions): Promise<ExitCode> =>
  withKeys(options, true, keys => {
    const key = keyToSealWith(keys, options)
    if (E.isLeft(key)) return refuse([key.left], {})
    return changeAll(paths, path => {
      const content = contentOf(path)
      if (E.isLeft(content)) return content
      if (isEnvelope(content.right.toString('latin1'))) return E.left(unreadable(path, 'it is encrypted already'))
      return E.right(seal(content.right, key.right))
    })
  })

export const decryptCommand = (paths: readonly string[], options: VaultOptions): Promise<ExitCode> =>
  withKeys(options, false, keys =>
    changeAll(paths, path => E.map(({ content }: Opened) => content)(openFile(path, keys))),
  )

export const editCommand = (path: string, options: VaultOptions): Promise<ExitCode> =>
  withKeys(options, false, async keys => {
    const opened = openFile(path, keys)
    if (E.isLeft(opened)) return refuse([opened.left], {})
    const { content, key, id } = opened.right
    const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
    const edited = await inPrivateCopy(path, content, copy => atTerminal(editor, copy))
    if (E.isLeft(edited.result)) return failed(`${path} was left as it is: the editor ${editor}: ${edited.result.left}`)
    if (edited.content.equals(content)) return exitCodes.ok
    const written = replaceFile(path, sealText(edited.content, key.password, id))
    return E.isLeft(written) ? failed(`${path} could not be written: ${written.left}`) : exitCodes.ok
  })

/** The value comes from stdin or is asked for: on the command line every user of this machine could read it. */
export const encryptStringCommand = (options: SealOptions & Readonly<{ name?: string }>): Promise<ExitCode> =>
  withKeys(options, true, async keys => {
    const key = keyToSealWith(keys, options)
    if (E.isLeft(key)) return refuse([key.left], {})
    const asked = process.stdin.isTTY ? await askHidden('The value to encrypt: ') : null
    const value = asked === null ? readFileSync(0) : Buffer.from(asked.reveal())
    const lines = seal(value, key.right).trimEnd().split('\n')
    const indent = options.name === undefined ? '' : '          '
    console.log(
      [`${options.name === undefined ? '' : `${options.name}: `}!vault |`, ...lines.map(line => indent + line)].join(
        '\n',
      ),
    )
    return exitCodes.ok
  })

/** A password that nobody has yet is asked for twice. */
const withKeys = async (
  options: VaultOptions,
  twice: boolean,
  work: (keys: readonly VaultKey[]) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> => {
  const keys = await vaultKeys(hasVaultSource(options) ? options : { ...options, askVaultPass: true }, twice)
  return E.isLeft(keys) ? refuse(keys.left, {}) : work(keys.right)
}

const keyToSealWith = (
  keys: readonly VaultKey[],
  { encryptVaultId }: SealOptions,
): E.Either<InputProblem, VaultKey> => {
  const known = [...new Set(keys.map(({ id }) => id))]
  const wanted = encryptVaultId ?? (known.length === 1 ? known[0] : undefined)
  if (wanted === undefined) {
    const reason = `there are passwords of several vault ids (${known.join(', ')}); say which with --encrypt-vault-id`
    return E.left({ _tag: 'BadUsage', reason })
  }
  const key = keys.find(({ id }) => id === wanted)
  const reason = `no password is given for the vault id "${wanted}"; there are ${known.join(', ')}`
  return key === undefined ? E.left({ _tag: 'BadUsage', reason }) : E.right(key)
}

const seal = (content: Buffer, { password, id }: VaultKey): string =>
  sealText(content, password, id === defaultVaultId ? null : id)

const changeAll = (
  paths: readonly string[],
  change: (path: string) => E.Either<InputProblem, string | Buffer>,
): ExitCode => {
  const changed = paths.map(path => ({ path, content: change(path) }))
  const [first, ...rest] = changed.flatMap(({ content }) => (E.isLeft(content) ? [content.left] : []))
  if (first !== undefined) return refuse([first, ...rest], {})
  for (const { path, content } of changed) {
    if (E.isLeft(content)) continue
    const written = replaceFile(path, content.right)
    if (E.isLeft(written)) return failed(`${path} could not be written: ${written.left}`)
  }
  return exitCodes.ok
}

const openFile = (path: string, keys: readonly VaultKey[]): E.Either<InputProblem, Opened> => {
  const content = contentOf(path)
  if (E.isLeft(content)) return content
  return E.mapLeft((reason: string) => unreadable(path, reason))(openVault(content.right.toString('latin1'), keys))
}

const contentOf = (path: string): E.Either<InputProblem, Buffer> => {
  try {
    return E.right(readFileSync(path))
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return E.left(unreadable(path, missing ? 'there is no such file' : (error as Error).message))
  }
}

const unreadable = (path: string, reason: string): InputProblem => ({ _tag: 'UnreadableFile', path, reason, at: null })

const failed = (why: string): ExitCode => {
  console.error(printable(`steward: ${why}`))
  return exitCodes.failed
}
