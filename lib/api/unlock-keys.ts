/** Encrypted keys are opened before the first connection, each once for all hosts. */
import * as E from 'fp-ts/lib/Either.js'
import type { Route } from '../model/inventory.js'
import type { InputProblems } from '../model/problem.js'
import type { Secret } from '../model/secret.js'
import type { SshOptions, UnlockedKey } from '../remote/ssh.js'

/** Asked for the passphrase of a key file; null or an empty one: it is to be done without. `attempt` counts from 1. */
export type AskPassphrase = (keyFile: string, attempt: number) => Promise<Secret | null>

/** Of the keys that may be needed to log in; with a wrong passphrase there are none. OpenSSH is given no key by us. */
export const unlockKeys = async (
  routes: Iterable<Route>,
  access: SshOptions & Readonly<{ client?: 'openssh' }>,
  ask: AskPassphrase,
): Promise<E.Either<InputProblems, ReadonlyMap<string, UnlockedKey>>> => {
  const unlocked = new Map<string, UnlockedKey>()
  const byUs = [...routes].filter(route => route._tag === 'Ssh' && (route.client ?? access.client) !== 'openssh')
  if (byUs.length === 0) return E.right(unlocked)
  const { lockedKeys } = await import('../remote/ssh.js')
  for (const { path, unlock } of await lockedKeys(byUs, access)) {
    const key = await askFor(path, unlock, ask)
    if (key === 'wrong')
      return E.left([{ _tag: 'BadUsage', reason: `the passphrase for ${path} was wrong ${most} times` }])
    if (key !== null) unlocked.set(path, key)
  }
  return E.right(unlocked)
}

const most = 3

const askFor = async (
  path: string,
  unlock: (passphrase: Secret) => UnlockedKey | null,
  ask: AskPassphrase,
): Promise<UnlockedKey | 'wrong' | null> => {
  for (let attempt = 1; attempt <= most; attempt += 1) {
    const passphrase = await ask(path, attempt)
    if (passphrase === null || passphrase.reveal() === '') return null
    const key = unlock(passphrase)
    if (key !== null) return key
  }
  return 'wrong'
}
