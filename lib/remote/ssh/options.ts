/** What the SSH transport is told by its user, and what it takes for granted. */
import type { ParsedKey } from 'ssh2'
import type { Route } from '../../model/inventory.js'
import type { LoginTrace } from '../../model/login-trace.js'
import type { HostName } from '../../model/names.js'
import type { Secret } from '../../model/secret.js'

/** `strict`: only hosts that are known. `accept-new`: those of which nothing is known are written down at first sight. */
export type HostKeyPolicy = 'strict' | 'accept-new'

/** A key that was written down under that name. */
export type RecordedKey = Readonly<{ file: string; name: string; keyType: string; fingerprint: string }>

/** A private key without its passphrase. */
export type UnlockedKey = ParsedKey

export type SshOptions = Readonly<{
  /** Who logs in where the route names nobody. */
  user: string
  /** Its `.ssh` holds known_hosts and the keys that are tried where the route names none. */
  home: string
  /** As in `SSH_AUTH_SOCK`; null where there is no agent. */
  agentSocket: string | null
  /** In this order; those that do not exist are passed over. New keys are written into the first. */
  knownHostsFiles?: readonly string[]
  /** `strict` if not given. A key that has changed or is revoked is refused by either. */
  hostKeys?: HostKeyPolicy
  onHostKeyRecorded?: (host: HostName, recorded: RecordedKey) => void
  /** Told of each login for a host, and at the jump hosts before it, also those that fail. */
  onLoginTried?: ((host: HostName, login: LoginTrace) => void) | null
  /** Keys out of encrypted files, by their path. */
  unlockedKeys?: ReadonlyMap<string, UnlockedKey>
  /** Where the route has none. It is tried once for each host, and only where no key is taken. */
  password?: Secret | null
  /** Finding the address and reaching it. */
  connectTimeoutMs?: number
  /** From then on until logged in. */
  handshakeTimeoutMs?: number
  /** A host that leaves three signs of life in a row unanswered, this far apart, is gone. */
  keepaliveMs?: number
}>

export type SshSettings = Required<SshOptions> &
  Readonly<{
    /** Null: ssh_config names no file of the user's own, and new keys are written into none. */
    newKeysFile: string | null
  }>

/** Who hears what comes of the logins for one host; null: nobody wants to know how they go. */
export type Hearing = Readonly<{
  recorded: (key: RecordedKey) => void
  tried: ((login: LoginTrace) => void) | null
}>

export const hearingFor = (host: HostName, { onHostKeyRecorded, onLoginTried }: SshSettings): Hearing => ({
  recorded: key => onHostKeyRecorded(host, key),
  tried: onLoginTried === null ? null : login => onLoginTried(host, login),
})

export type SshRoute = Extract<Route, { _tag: 'Ssh' }>

/** Where to, and as whom; known_hosts has the host under its alias (HostKeyAlias) alone, if there is one. */
export type Login = Readonly<{ address: string; port: number; user: string; hostKeyAlias: string | null }>

/** Those of the user, and those of the system, where ssh_config names none. */
export const usualKnownHosts = (home: string) => ({
  own: [`${home}/.ssh/known_hosts`],
  ofTheSystem: ['/etc/ssh/ssh_known_hosts'],
})

export const settingsOf = (options: SshOptions & Partial<SshSettings>): SshSettings => ({
  knownHostsFiles: Object.values(usualKnownHosts(options.home)).flat(),
  newKeysFile: (options.knownHostsFiles ?? usualKnownHosts(options.home).own)[0] ?? null,
  hostKeys: 'strict',
  onHostKeyRecorded: () => {},
  onLoginTried: null,
  unlockedKeys: new Map(),
  password: null,
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 20_000,
  keepaliveMs: 15_000,
  ...options,
})
