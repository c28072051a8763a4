/** Reads one private key file. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import ssh2, { type ParsedKey } from 'ssh2'
import type { Secret } from '../../model/secret.js'
import { otherClient } from './other-client.js'
import { parseKey } from './parse-key.js'

export type KeyFile = Readonly<{
  path: string
  publicKey: Buffer | null
  /** Null: it cannot be used, and `trouble` says why; a file nobody named need not be there. */
  key: ParsedKey | null
  trouble: string | null
  /** The certificate of that key, as ssh-keygen(1) lays it beside it; null where there is none. */
  certificate: string | null
  /** Of a file that is encrypted. Null: that is not its passphrase. It computes for half a second. */
  unlock: ((passphrase: Secret) => ParsedKey | null) | null
}>

export const readKeyFile = async (path: string, isNamed: boolean): Promise<KeyFile> => {
  const certificate = existsSync(`${path}-cert.pub`) ? `${path}-cert.pub` : null
  const nothing: KeyFile = { path, publicKey: null, key: null, trouble: null, certificate, unlock: null }
  const text = await readFile(path).catch((error: NodeJS.ErrnoException) => error)
  if (text instanceof Error) {
    const isMissing = text.code === 'ENOENT'
    const trouble = isMissing ? `there is no ${path}` : `${path} cannot be read: ${text.message}`
    return { ...nothing, trouble: isMissing && !isNamed ? null : trouble }
  }
  if (isOfToken(text)) {
    const trouble = `${path} is the key of a hardware token, which only OpenSSH can use: ${otherClient}`
    return { ...nothing, publicKey: await readPublicHalf(path), trouble }
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

/** Its kind stands in the part that is never encrypted (PROTOCOL.key and PROTOCOL.u2f of OpenSSH). */
const isOfToken = (text: Buffer): boolean => {
  const [, body = ''] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END/.exec(text.toString('latin1')) ?? []
  return /sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com/.test(Buffer.from(body, 'base64').toString('latin1'))
}

const readPublicHalf = async (path: string): Promise<Buffer | null> => {
  const text = await readFile(`${path}.pub`).catch(() => null)
  const key = text === null ? null : ssh2.utils.parseKey(text)
  return key === null || key instanceof Error ? null : key.getPublicSSH()
}
