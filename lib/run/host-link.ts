/** The one connection to a host, made again when it was lost, the scripts that go over it, and the locks it proves. */
import * as E from 'fp-ts/lib/Either.js'
import { type Become, becomeKey } from '../model/become.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { RemoteError } from '../model/remote-error.js'
import type { Connection, Script, ScriptOutput, Transport } from '../remote/transport.js'
import type { HostLock } from './host-lock.js'
import type { RunContext } from './run-context.js'

export type Limits = Pick<Script, 'deadlineMs' | 'maxBytes'>

/** An answer that is larger is not ours. */
export const defaultMaxAnswerBytes = 8 * 1024 * 1024

/** A look that takes longer is of no use. */
export const lookLimits = ({
  commandDeadlineMs = 30_000,
  maxAnswerBytes = defaultMaxAnswerBytes,
}: Pick<RunContext, 'commandDeadlineMs' | 'maxAnswerBytes'>): Limits => ({
  deadlineMs: commandDeadlineMs,
  maxBytes: maxAnswerBytes,
})

export class HostLink {
  readonly host: HostName
  readonly route: Route
  readonly limits: Limits
  readonly #transport: Transport
  readonly #newLock: () => HostLock
  /** Whoever acts has a home, and a lock in it, of their own. */
  readonly #locks = new Map<string, Readonly<{ as: Become | null; lock: HostLock }>>()
  #connection: Promise<E.Either<RemoteError, Connection>> | null = null

  constructor(host: HostName, route: Route, transport: Transport, limits: Limits, newLock: () => HostLock) {
    this.host = host
    this.route = route
    this.limits = limits
    this.#transport = transport
    this.#newLock = newLock
  }

  /**
   * A connection that was lost, or could not be had for now, is made again for the next script. A script is never sent
   * twice, and a login or host key that was refused stays refused.
   */
  async run(script: Script, onSend: () => void = () => {}): Promise<E.Either<RemoteError, ScriptOutput>> {
    this.#connection ??= this.#connect()
    const using = this.#connection
    const connection = await using
    onSend()
    const output = E.isLeft(connection) ? connection : await connection.right.run(script)()
    const transient = E.isLeft(output) && (output.left._tag === 'Lost' || output.left._tag === 'Unreachable')
    if (transient && this.#connection === using) {
      this.#connection = null
      if (E.isRight(connection)) void connection.right.close()
    }
    return output
  }

  lockOf(as: Become | null): HostLock {
    const key = becomeKey(as)
    const known = this.#locks.get(key) ?? { as, lock: this.#newLock() }
    this.#locks.set(key, known)
    return known.lock
  }

  /** The locks are let go of first. */
  async close(): Promise<void> {
    for (const { as, lock } of this.#locks.values()) {
      const release = this.#connection === null ? null : lock.release(freshNonce())
      if (release !== null) await this.run({ text: release, ...this.limits, as })
    }
    const connection = await this.#connection
    // One that was refused is kept: a later play looks again, and would be refused again.
    if (connection === null || E.isLeft(connection)) return
    this.#connection = null
    await connection.right.close()
  }

  /** Each lock names the connection as a proof that we live: a new one is put into it before anything else. */
  async #connect(): Promise<E.Either<RemoteError, Connection>> {
    const connection = await this.#transport.connect(this.host, this.route)()
    if (E.isLeft(connection)) return connection
    for (const { as, lock } of this.#locks.values()) {
      const renewal = lock.renewal(freshNonce())
      if (renewal !== null) await connection.right.run({ text: renewal, ...this.limits, as })()
    }
    return connection
  }
}

/** 122 random bits: nothing on a host can guess it. */
export const freshNonce = (): string => crypto.randomUUID().replaceAll('-', '')
