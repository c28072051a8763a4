/** Opens what is encrypted with Ansible Vault, with whichever password is the one. */
import * as E from 'fp-ts/lib/Either.js'
import { Secret } from '../model/secret.js'
import { type Envelope, openEnvelope, readEnvelope } from './vault-cipher.js'

/** A password and what it is called by; `default` where it has no name of its own. */
export type VaultKey = Readonly<{ id: string; password: Secret }>

export const defaultVaultId = 'default'

/** What was sealed, and the key that opened it. */
export type Opened = Readonly<{ content: Buffer; key: VaultKey; id: string | null }>

/** The Left says why it cannot be opened. */
export const openVault = (text: string, keys: readonly VaultKey[]): E.Either<string, Opened> => {
  const envelope = readEnvelope(text)
  if (E.isLeft(envelope)) return E.left(`this is no vault: ${envelope.left}`)
  const { id } = envelope.right
  if (keys.length === 0) return E.left(`it is encrypted${forId(id)}, and no vault password is given (${ways})`)
  // As Ansible does: the password that is called by its name first, then all others.
  for (const key of [...keys.filter(key => key.id === id), ...keys.filter(key => key.id !== id)]) {
    const content = openEnvelope(envelope.right, key.password)
    if (content !== null) return E.right({ content, key, id })
  }
  return E.left(whyShut(envelope.right, keys))
}

const ways = '-J, --vault-password-file or --vault-id'

const forId = (id: string | null): string => (id === null ? '' : ` for the vault id "${id}"`)

const whyShut = ({ id }: Envelope, keys: readonly VaultKey[]): string => {
  const names = keys.map(key => key.id)
  const tried =
    keys.length === 1
      ? `the password given (${names[0]}) does not open it`
      : `none of the passwords given (${names.join(', ')}) opens it`
  const missing = id !== null && !names.includes(id) ? `; none is given for the vault id "${id}"` : ''
  return `${tried}, or it was changed since it was encrypted${missing}`
}

/** Opens each text once. */
export type Vault = Readonly<{ open: (text: string) => E.Either<string, Secret> }>

export const vaultWith = (keys: readonly VaultKey[]): Vault => {
  const known = new Map<string, E.Either<string, Secret>>()
  return {
    open: text => {
      const before = known.get(text)
      if (before !== undefined) return before
      const opened = E.flatMap(({ content }: Opened) => textIn(content))(openVault(text, keys))
      known.set(text, opened)
      return opened
    },
  }
}

const textIn = (content: Buffer): E.Either<string, Secret> => {
  try {
    return E.right(new Secret(new TextDecoder('utf-8', { fatal: true }).decode(content)))
  } catch {
    return E.left('what is encrypted there is not UTF-8 text')
  }
}
