import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import * as assert from 'uvu/assert'
import type { Route } from '../../lib/model/inventory.js'
import { Secret } from '../../lib/model/secret.js'
import { lockedKeys, type UnlockedKey } from '../../lib/remote/ssh.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf } from './scripts.js'
import { makeKey, optionsFor, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const passphrase = 'Canary of 9 birds'

describe('key files', test => {
  const formats = withSshd(['MaxStartups 100'], async sshd => {
    for (const [type, format] of written) {
      const plain = keyOf(sshd, `${type}-${format}`, type, format, '')
      rightOf(await sshd.connect({ keyFile: plain }))
      const locked = keyOf(sshd, `${type}-${format}-locked`, type, format, passphrase)
      assertError(await sshd.connect({ keyFile: locked }), 'LoginRefused', `${locked} is encrypted`)
      rightOf(await sshd.connect({ keyFile: locked, unlockedKeys: await unlocked(sshd, locked) }))
    }
  })
  test('log in in all formats of ssh-keygen, encrypted or not', formats, { skip, timeoutMs: 60_000 })

  const once = withSshd(['MaxStartups 100'], async sshd => {
    const keyFile = keyOf(sshd, 'locked', 'ed25519', 'RFC4716', passphrase)
    await withCount(async decryptions => {
      const unlockedKeys = await unlocked(sshd, keyFile, 20)
      for (const connection of await Promise.all(
        Array.from({ length: 20 }, () => sshd.connect({ keyFile, unlockedKeys })),
      ))
        rightOf(connection)
      assert.is(decryptions(), 1)
    })
  })
  test('are decrypted once, however many hosts they are for', once, { skip, timeoutMs: 30_000 })

  const odd = withSshd([], async ({ folder, connect }) => {
    const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(`${folder}/odd`, key)
    assert.equal(await lockedKeys([routeTo(`${folder}/odd`)], optionsFor(folder)), [])
    const refused = await connect({ keyFile: `${folder}/odd` })
    assertError(refused, 'LoginRefused', `${folder}/odd is not a usable key: a PKCS#8 key of type ed25519`)
  })
  test('that are not understood are told with the reason', odd, { skip })
})

/** Of Ed25519 keys it writes but the one. */
const written = [
  ['rsa', 'PEM'],
  ['rsa', 'PKCS8'],
  ['ecdsa', 'PEM'],
  ['ecdsa', 'PKCS8'],
  ['ed25519', 'RFC4716'],
] as const

const routeTo = (keyFile: string): Route => ({ _tag: 'Ssh', address: 'h', port: 22, user: null, keyFile })

/** One that logs in. */
const keyOf = ({ folder }: Sshd, name: string, type: string, format: string, secret: string): string => {
  const keyFile = makeKey(`${folder}/${name}`, type, secret, format)
  appendFileSync(`${folder}/authorized_keys`, readFileSync(`${keyFile}.pub`))
  return keyFile
}

const unlocked = async ({ home }: Sshd, keyFile: string, hosts = 1): Promise<ReadonlyMap<string, UnlockedKey>> => {
  const keys = await lockedKeys(
    Array.from({ length: hosts }, () => routeTo(keyFile)),
    optionsFor(home),
  )
  return new Map(
    keys.flatMap(({ path, unlock }) => {
      assert.is(unlock(new Secret('wrong')), null)
      const key = unlock(new Secret(passphrase))
      return key === null ? [] : [[path, key] as const]
    }),
  )
}

/** How often ssh2 was given the right passphrase. */
const withCount = async (use: (decryptions: () => number) => Promise<void>): Promise<void> => {
  const { parseKey } = ssh2.utils
  let decryptions = 0
  ssh2.utils.parseKey = (text, given) => {
    if (given === passphrase) decryptions += 1
    return parseKey(text, given)
  }
  try {
    await use(() => decryptions)
  } finally {
    ssh2.utils.parseKey = parseKey
  }
}
