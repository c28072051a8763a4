/** How hosts are reached: what the command line says of it, for this run and for one that takes it up again. */
import type { transportByRoute } from '../remote/by-route.js'
import { journalled } from './journalled.js'

/** In seconds; what is not given is as ssh_config has it, else as `--help` says. */
export type ReachOptions = Readonly<{
  transport?: 'ssh' | 'openssh'
  connectTimeout?: number
  handshakeTimeout?: number
  commandTimeout?: number
  idleTimeout?: number
}>

type Settings = Partial<Parameters<typeof transportByRoute>[0]>

/** A host is gone that leaves three signs of life in a row unanswered, and as long again has passed. */
const signsOfLife = 4

export const reachSettings = (options: ReachOptions): Settings => {
  const { transport, connectTimeout, handshakeTimeout, idleTimeout } = options
  return {
    ...(transport === 'openssh' ? { client: transport } : {}),
    ...(connectTimeout === undefined ? {} : { connectTimeoutMs: connectTimeout * 1000 }),
    ...(handshakeTimeout === undefined ? {} : { handshakeTimeoutMs: handshakeTimeout * 1000 }),
    ...(idleTimeout === undefined ? {} : { keepaliveMs: (idleTimeout * 1000) / signsOfLife }),
  }
}

const written = journalled<ReachOptions>({
  transport: 'transport',
  'connect-timeout': 'connectTimeout',
  'handshake-timeout': 'handshakeTimeout',
  'command-timeout': 'commandTimeout',
  'idle-timeout': 'idleTimeout',
})

export const reachAsJournalled = written.write
export const reachFromJournal = written.read
