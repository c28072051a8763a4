/**
 * The envelope of Ansible Vault (docs.ansible.com, "Ansible Vault", "Format of files encrypted with Ansible Vault"):
 * AES-256 in counter mode, and an HMAC over what that gives. Pure computation, if by Node's own means.
 */
import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Secret } from '../model/secret.js'

/** `id`: whose password it is for; only version 1.2 tells. */
export type Envelope = Readonly<{ id: string | null; salt: Buffer; hmac: Buffer; sealed: Buffer }>

const header = '$ANSIBLE_VAULT'

/** Does the text say of itself that it is encrypted? */
export const isEnvelope = (text: string): boolean => text.trimStart().startsWith(header)

/** The Left says what is wrong with it; nobody's password could open it. */
export const readEnvelope = (text: string): E.Either<string, Envelope> => {
  const [first = '', ...lines] = text.trim().split(/\s*\n\s*/)
  const [name, version = '', cipher = '', id] = first.split(';').map(part => part.trim())
  if (name !== header) return E.left(`it does not begin with ${header}`)
  if (version !== '1.1' && version !== '1.2') return E.left(`its version is ${version}; 1.1 and 1.2 can be opened`)
  if (cipher !== 'AES256') return E.left(`its cipher is ${cipher}; AES256 can be opened`)
  const parts = fromHex(lines.join(''))?.toString('latin1').split('\n').map(fromHex) ?? []
  const [salt, hmac, sealed] = parts
  if (parts.length !== 3 || !salt || !hmac || !sealed || hmac.length !== hmacLength || sealed.length % 16 !== 0) {
    return E.left('it is damaged, or not all of it is there')
  }
  return E.right({ id: version === '1.2' && id ? id : null, salt, hmac, sealed })
}

/** Null: the password is not the one, or what is sealed was changed. */
export const openEnvelope = ({ salt, hmac, sealed }: Envelope, password: Secret): Buffer | null => {
  const keys = deriveKeys(password, salt)
  if (!timingSafeEqual(hmacOf(keys, sealed), hmac)) return null
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.iv)
  return unpadded(Buffer.concat([decipher.update(sealed), decipher.final()]))
}

export const sealText = (content: Buffer, password: Secret, id: string | null): string => {
  const salt = randomBytes(32)
  const keys = deriveKeys(password, salt)
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.iv)
  const sealed = Buffer.concat([cipher.update(padded(content)), cipher.final()])
  const inner = [salt, hmacOf(keys, sealed), sealed].map(part => part.toString('hex')).join('\n')
  const lines =
    Buffer.from(inner)
      .toString('hex')
      .match(/.{1,80}/g) ?? []
  const first = id === null ? `${header};1.1;AES256` : `${header};1.2;AES256;${id}`
  return `${[first, ...lines].join('\n')}\n`
}

const hmacLength = 32

type Keys = Readonly<{ cipher: Buffer; hmac: Buffer; iv: Buffer }>

const deriveKeys = (password: Secret, salt: Buffer): Keys => {
  const derived = pbkdf2Sync(password.reveal(), salt, 10_000, 80, 'sha256')
  return { cipher: derived.subarray(0, 32), hmac: derived.subarray(32, 64), iv: derived.subarray(64) }
}

const hmacOf = ({ hmac }: Keys, sealed: Buffer): Buffer => createHmac('sha256', hmac).update(sealed).digest()

/** PKCS #7 (RFC 5652, 6.3), though counter mode needs none. */
const padded = (content: Buffer): Buffer => {
  const count = 16 - (content.length % 16)
  return Buffer.concat([content, Buffer.alloc(count, count)])
}

const unpadded = (content: Buffer): Buffer => content.subarray(0, content.length - (content.at(-1) ?? 0))

const fromHex = (text: string): Buffer | null =>
  text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text) ? Buffer.from(text, 'hex') : null
