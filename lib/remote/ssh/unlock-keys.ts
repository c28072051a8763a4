/** Which encrypted keys somebody has to be asked about before the first connection. */
import * as E from 'fp-ts/lib/Either.js'
import type { Route } from '../../model/inventory.js'
import type { Secret } from '../../model/secret.js'
import { sshConfigReader } from '../ssh-config.js'
import type { Destination } from './destination.js'
import { findKeys } from './identities.js'
import { type SshOptions, settingsOf, type UnlockedKey } from './options.js'
import { resolveRoute } from './resolve.js'

export type LockedKey = Readonly<{
  path: string
  /** Null: that is not its passphrase. It computes for half a second. */
  unlock: (passphrase: Secret) => UnlockedKey | null
}>

/**
 * Each file once: those that somebody has named and the agent does not hold. Of the files that are tried by default only
 * where there is nothing else to log in with, neither a key nor a password: most would be asked about for nothing.
 */
export const lockedKeys = async (routes: Iterable<Route>, options: SshOptions): Promise<readonly LockedKey[]> => {
  const locked = new Map<string, LockedKey>()
  for (const { keys, settings, hasPassword } of await keyChoices(routes, options)) {
    const { held, unheld } = await findKeys(keys, settings)
    const isNamed = keys.keyFile !== null || keys.identityFiles !== null
    const isKeyless = held.length === 0 && unheld.every(({ key }) => key === null)
    if (!isNamed && (!isKeyless || hasPassword)) continue
    for (const { path, unlock } of unheld) if (unlock !== null) locked.set(path, { path, unlock })
  }
  return [...locked.values()]
}

type Choice = Pick<Destination, 'keys' | 'settings'> & Readonly<{ hasPassword: boolean }>

/** Of all hosts and the jump hosts before them, each once. A host nobody knows how to reach has none. */
const keyChoices = async (routes: Iterable<Route>, options: SshOptions): Promise<Iterable<Choice>> => {
  const askConfig = sshConfigReader(options.home, settingsOf(options).connectTimeoutMs)
  const overSsh = [...routes].flatMap(route => (route._tag === 'Ssh' ? [route] : []))
  const resolved = await Promise.all(overSsh.map(route => resolveRoute(route, options, askConfig)))
  const choices = new Map<string, Choice>()
  for (const { keys, settings, password } of resolved.flatMap(one => (E.isRight(one) ? withJumps(one.right) : []))) {
    const hasPassword = password !== null
    choices.set(JSON.stringify([keys, settings.agentSocket, hasPassword]), { keys, settings, hasPassword })
  }
  return choices.values()
}

const withJumps = (destination: Destination): readonly Destination[] =>
  destination.through._tag === 'Jump' ? [destination, ...withJumps(destination.through.hop)] : [destination]
