/** One sshd to log in to: where, as whom, with what, and through whom. */
import { hostname } from 'node:os'
import type { Secret } from '../../model/secret.js'
import { ourselves } from '../ourselves.js'
import type { SshQuery } from '../ssh-config.js'
import type { Login, SshSettings } from './options.js'

export type Destination = Readonly<{
  login: Login
  settings: SshSettings
  keys: KeyChoice
  /** For where no key is taken. */
  password: Secret | null
  through: Through
  /** How it was asked for, which is how OpenSSH is to be asked too. */
  asked: SshQuery
}>

export type KeyChoice = Readonly<{
  /** The one that the inventory names. */
  keyFile: string | null
  /** Those of ssh_config; null: the usual ones. */
  identityFiles: readonly string[] | null
  /** None of the agent's but those. */
  identitiesOnly: boolean
}>

export type Through =
  | Readonly<{ _tag: 'Nothing' }>
  | Readonly<{ _tag: 'Jump'; hop: Destination }>
  /** Run by /bin/sh; its stdin and stdout are the connection. */
  | Readonly<{ _tag: 'Command'; command: string }>

/** Whoever has this in common shares a connection to a jump host. */
export const keyOf = ({ login, keys, settings, through }: Destination): string =>
  JSON.stringify([login, keys, settings.agentSocket, through._tag === 'Jump' ? keyOf(through.hop) : through])

export const nameOf = ({ login: { user, address, port } }: Destination): string =>
  `${user}@${address}${port === 22 ? '' : ` port ${port}`}`

/** Fills in the percent tokens of ssh_config(5), "TOKENS", and a leading `~/`; what is not one of them stays. */
export const expandTokens = (
  value: string,
  { login, originalHost, home }: Readonly<{ login: Login; originalHost: string; home: string }>,
): string => {
  const { uid, name } = ourselves()
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: home,
    h: login.address,
    i: `${uid}`,
    L: hostname().split('.')[0] ?? '',
    l: hostname(),
    n: originalHost,
    p: `${login.port}`,
    r: login.user,
    u: name,
  }
  const expanded = value.replace(/%(.)/g, (token, letter: string) => tokens[letter] ?? token)
  return expanded.startsWith('~/') ? home + expanded.slice(1) : expanded
}
