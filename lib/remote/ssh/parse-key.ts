/** Parses private keys in all formats that `ssh-keygen -m` writes. */
import { createPrivateKey } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import type { Secret } from '../../model/secret.js'

/** `locked`: it is encrypted, and no passphrase was given. The Error says why it is no key, or that not with this one. */
export const parseKey = (text: Buffer, passphrase: Secret | null): ParsedKey | 'locked' | Error => {
  const pkcs8 = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.exec(text.toString('latin1'))
  if (pkcs8 !== null) return pkcs8[1] !== undefined && passphrase === null ? 'locked' : parsePkcs8(text, passphrase)
  const key = passphrase === null ? ssh2.utils.parseKey(text) : ssh2.utils.parseKey(text, passphrase.reveal())
  return key instanceof Error && /encrypted .* no passphrase/i.test(key.message) ? 'locked' : key
}

/** ssh2 reads none of these (RFC 5958), but the same keys in older forms; Ed25519 has none, and OpenSSH 9.2 refuses it too. */
const parsePkcs8 = (text: Buffer, passphrase: Secret | null): ParsedKey | Error => {
  try {
    const key = createPrivateKey({ key: text, ...(passphrase === null ? {} : { passphrase: passphrase.reveal() }) })
    switch (key.asymmetricKeyType) {
      case 'rsa':
        return ssh2.utils.parseKey(key.export({ type: 'pkcs1', format: 'pem' }))
      case 'ec':
        return ssh2.utils.parseKey(key.export({ type: 'sec1', format: 'pem' }))
      default:
        return new Error(`a PKCS#8 key of type ${key.asymmetricKeyType}; rsa and ec are read`)
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
