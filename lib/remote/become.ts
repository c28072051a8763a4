/** Lets scripts run as other users than the login, over any transport; a password is given to a host once. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Become, type BecomeRefusal, becomeKey } from '../model/become.js'
import type { HostName } from '../model/names.js'
import { type RemoteError, remoteErrorInWords } from '../model/remote-error.js'
import type { Secret } from '../model/secret.js'
import { doorTo } from './become/door.js'
import type { Connection, Script, ScriptOutput, Transport } from './transport.js'

/** `asked` is the password for all hosts of which the inventory knows none. */
export const withBecome = (transport: Transport, asked: Secret | null): Transport => {
  const hosts = new Map<HostName, HostWays>()
  return {
    connect: (host, route) =>
      pipe(
        transport.connect(host, route),
        TE.map(connection => {
          const ways = hosts.get(host) ?? new HostWays(asked)
          hosts.set(host, ways)
          return { run: script => () => ways.run(script, connection), close: () => connection.close() }
        }),
      ),
  }
}

/** How one is let in: without a password (null), or with this one. */
type Way = E.Either<RemoteError, Secret | null>

/** What is known of becoming somebody on one host, for as long as this program runs. */
class HostWays {
  readonly #asked: Secret | null
  readonly #known = new Map<string, Way>()
  /** A password that was refused, or of which nobody said that it was right, is tried for no other user either. */
  #refused: Refusal['left'] | null = null
  #finding: Promise<unknown> = Promise.resolve()

  constructor(asked: Secret | null) {
    this.#asked = asked
  }

  async run(script: Script, connection: Connection): Promise<E.Either<RemoteError, ScriptOutput>> {
    const { as } = script
    if (as === undefined || as === null) return connection.run(script)()
    // One after the other, so that no two try a wrong password at once.
    const found = this.#finding.then(() => this.#wayFor(as, connection))
    this.#finding = found.catch(() => {})
    const way = await found
    if (E.isLeft(way)) return way
    const output = await connection.run({ ...script, door: doorTo(as, way.right, freshNonce()) })()
    if (isRefusal(output)) this.#note(as, output)
    return output
  }

  async #wayFor(as: Become, connection: Connection): Promise<Way> {
    const known = this.#known.get(becomeKey(as))
    if (known !== undefined) return known
    const way = await this.#find(as, connection)
    if (E.isRight(way) || isRefusal(way)) this.#note(as, way)
    return way
  }

  /** With a script that does nothing: first without any password, so that none is sent where none is needed. */
  async #find(as: Become, connection: Connection): Promise<Way> {
    const { way: without } = await tryDoor(as, null, connection)
    const password = as.password ?? this.#asked
    const wanted = isRefusal(without) && without.left.reason === 'PasswordNeeded'
    if (!wanted || password === null || as.method !== 'sudo') return without
    if (this.#refused !== null) return E.left(this.#refused)
    const { way, gavePassword } = await tryDoor(as, password, connection)
    if (gavePassword) this.#refused = whyNotJudged(as, way)
    return this.#refused === null ? way : E.left(this.#refused)
  }

  /** A failure that is not known may pass, as where the host could not fork: it says nothing of the next time. */
  #note(as: Become, way: Way): void {
    if (isRefusal(way) && way.left.reason === 'Other' && way.left !== this.#refused) return
    this.#known.set(becomeKey(as), way)
    if (isRefusal(way) && (way.left.reason === 'WrongPassword' || way.left.reason === 'Expired')) {
      this.#refused = way.left
    }
  }
}

type Try = Readonly<{ way: Way; gavePassword: boolean }>

const tryDoor = async (as: Become, password: Secret | null, connection: Connection): Promise<Try> => {
  let gavePassword = false
  const door = doorTo(as, password, freshNonce(), () => {
    gavePassword = true
  })
  const output = await connection.run({ text: '{ exit 0; }\n', deadlineMs: 30_000, maxBytes: 64 * 1024, door })()
  return { way: E.map(() => password)(output), gavePassword }
}

/** Null: the try tells whether the password was right. `Lost` and `Late` come from the shell behind the door. */
const whyNotJudged = ({ method }: Become, way: Way): Refusal['left'] | null => {
  if (E.isRight(way) || way.left._tag === 'Lost' || way.left._tag === 'Late') return null
  if (isRefusal(way) && judging.includes(way.left.reason)) return null
  const why =
    `${method} was given the password, and what it made of it is not known (${remoteErrorInWords(way.left)}); ` +
    'it is not tried again in this run, so that nothing is locked'
  return { _tag: 'BecomeRefused', reason: 'Other', why }
}

/** Rules are told of to those alone whose password was right. */
const judging: readonly BecomeRefusal[] = ['WrongPassword', 'Expired', 'NotInSudoers', 'NotAllowed']

type Refusal = E.Left<Extract<RemoteError, { _tag: 'BecomeRefused' }>>

const isRefusal = (result: E.Either<RemoteError, unknown>): result is Refusal =>
  E.isLeft(result) && result.left._tag === 'BecomeRefused'

const freshNonce = (): string => crypto.randomUUID().replaceAll('-', '')
