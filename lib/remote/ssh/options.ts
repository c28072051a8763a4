/** What the SSH transport is told by its user, and what it takes for granted. */
import type { Route } from '../../model/inventory.js'

export type SshOptions = Readonly<{
  /** Who logs in where the route names nobody. */
  user: string
  /** Its `.ssh` holds known_hosts and the keys that are tried where the route names none. */
  home: string
  /** As in `SSH_AUTH_SOCK`; null where there is no agent. */
  agentSocket: string | null
  /** In this order; those that do not exist are passed over. */
  knownHostsFiles?: readonly string[]
  /** Finding the address and reaching it. */
  connectTimeoutMs?: number
  /** From then on until logged in. */
  handshakeTimeoutMs?: number
  /** A host that leaves three signs of life in a row unanswered, this far apart, is gone. */
  keepaliveMs?: number
}>

export type SshSettings = Required<SshOptions>

export type SshRoute = Extract<Route, { _tag: 'Ssh' }>

/** Where to, and as whom. */
export type Login = Readonly<{ address: string; port: number; user: string }>

export const settingsOf = (options: SshOptions): SshSettings => ({
  knownHostsFiles: [`${options.home}/.ssh/known_hosts`, '/etc/ssh/ssh_known_hosts'],
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 20_000,
  keepaliveMs: 15_000,
  ...options,
})
