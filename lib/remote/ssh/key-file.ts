/** Reads one private key file. */
import { readFile } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import type { Secret } from '../../model/secret.js'
import { parseKey } from './parse-key.js'

export type KeyFile = Readonly<{
  path: string
  publicKey: Buffer | null
  /** Null: it cannot be used, and `trouble` says why; a file nobody named need not be there. */
  key: ParsedKey | null
  trouble: string | null
  /** Of a file that is encrypted. Null: that is not its passphrase. It computes for half a second. */
  unlock: ((passphrase: Secret) => ParsedKey | null) | null
}>

export const readKeyFile = async (path: string, isNamed: boolean): Promise<KeyFile> => {
  const nothing: KeyFile = { path, publicKey: null, key: null, trouble: null, unlock: null }
  const text = await readFile(path).catch((error: NodeJS.ErrnoException) => error)
  if (text instanceof Error) {
    const isMissing = text.code === 'ENOENT'
    const trouble = isMissing ? `there is no ${path}` : `${path} cannot be read: ${text.message}`
    return { ...nothing, trouble: isMissing && !isNamed ? null : trouble }
  }
  const key = parseKey(text, null)
  if (key === 'locked') {
    const trouble = `${path} is encrypted and no agent holds it: ssh-add ${path}`
    const unlock = (passphrase: Secret) => {
      const unlocked = parseKey(text, passphrase)
      return unlocked === 'locked' || unlocked instanceof Error ? null : unlocked
    }
    return { ...nothing, publicKey: await readPublicHalf(path), trouble, unlock }
  }
  if (key instanceof Error) {
    return { ...nothing, publicKey: await readPublicHalf(path), trouble: `${path} is not a usable key: ${key.message}` }
  }
  const publicKey = key.getPublicSSH()
  return key.isPrivateKey()
    ? { ...nothing, publicKey, key }
    : { ...nothing, publicKey, trouble: `${path} is a public key, and the agent does not hold its other half` }
}

const readPublicHalf = async (path: string): Promise<Buffer | null> => {
  const text = await readFile(`${path}.pub`).catch(() => null)
  const key = text === null ? null : ssh2.utils.parseKey(text)
  return key === null || key instanceof Error ? null : key.getPublicSSH()
}
