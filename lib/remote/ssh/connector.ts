/** Gets from a destination to a logged-in connection, through the jump hosts before it. */

import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { quoting, reason, reasonOfTold, toldReason } from '../../model/reason.js'
import type { RemoteError } from '../../model/remote-error.js'
import type { Limits } from '../limits.js'
import { type Destination, keyOf, nameOf } from './destination.js'
import type { LoginError } from './explain-login.js'
import { readHostKeys } from './host-keys.js'
import { readIdentities } from './identities.js'
import { type LoggedIn, logIn } from './log-in.js'
import type { Password } from './offer-keys.js'
import type { Hearing } from './options.js'
import { againIfDropped } from './retry-drops.js'
import { type Shared, sharedBy } from './shared.js'
import { openSocket } from './socket.js'
import { traced } from './traced.js'
import { openCommand, openTunnel, type Way } from './tunnel.js'

/** `release` is to be called when the connection is closed: it lets go of the jump host. */
export type Connected = Readonly<{ loggedIn: LoggedIn; release: () => void }>

export type Connector = (destination: Destination, hearing: Hearing) => TE.TaskEither<RemoteError, Connected>

export const connector = ({ ramps, passwordTries, oneByOne }: Limits): Connector => {
  const share = sharedBy<Connected>()

  const connect: Connector = (destination, hearing) =>
    pipe(
      reachJump(destination, hearing),
      TE.flatMap(jump =>
        pipe(
          logInThrough(destination, jump?.value.loggedIn ?? null, hearing),
          TE.map(loggedIn => ({ loggedIn, release: () => jump?.release() })),
          TE.mapLeft(error => {
            jump?.release()
            return error
          }),
        ),
      ),
    )

  const reachJump = (
    { through }: Destination,
    hearing: Hearing,
  ): TE.TaskEither<RemoteError, Shared<Connected> | null> => {
    if (through._tag !== 'Jump') return TE.right(null)
    const { hop } = through
    const open = async () => {
      const connected = await connect(hop, hearing)()
      if (E.isRight(connected)) {
        // Errors nobody listens to would end the process; what goes through it notices by its own end.
        connected.right.loggedIn.client.on('error', () => connected.right.loggedIn.socket.destroy())
        return connected
      }
      return E.left(atJump(connected.left, nameOf(hop)))
    }
    return () => share(keyOf(hop), { open, close: closeJump, isGone: ({ loggedIn }) => loggedIn.socket.destroyed })
  }

  const logInThrough = (
    destination: Destination,
    jump: LoggedIn | null,
    hearing: Hearing,
  ): TE.TaskEither<RemoteError, LoggedIn> => {
    const { login, settings, keys, through } = destination
    const behind = through._tag === 'Jump' ? keyOf(through.hop) : null
    return pipe(
      // Read before anything is opened: an open connection does not wait for a slow disk or agent.
      TE.fromTask(() =>
        Promise.all([readHostKeys(settings, login, oneByOne, hearing.recorded), readIdentities(keys, settings)]),
      ),
      TE.flatMap(([hostKeys, identities]) =>
        pipe(
          traced(destination, hostKeys, hearing.tried, (onReached, onEnded) =>
            pipe(
              openWay(destination, jump),
              TE.flatMap(({ stream, complaints }) => {
                onReached()
                const password = passwordFor(destination)
                return pipe(
                  logIn(stream, { login, hostKeys, identities, password, settings, onEnded }),
                  TE.mapLeft(error => withComplaints(error, complaints())),
                )
              }),
            ),
          ),
          againIfDropped(ramps(placeOf(destination), behind), settings.connectTimeoutMs),
        ),
      ),
    )
  }

  const passwordFor = (destination: Destination): Password | null => {
    const { password: secret } = destination
    return secret === null ? null : { secret, begin: () => passwordTries.begin(accountOf(destination)) }
  }

  return connect
}

const openWay = ({ login, settings, through }: Destination, jump: LoggedIn | null): TE.TaskEither<LoginError, Way> => {
  const silent = TE.map((stream: Duplex): Way => ({ stream, complaints: () => '' }))
  if (through._tag === 'Command') return async () => openCommand(through.command)
  if (through._tag === 'Nothing' || jump === null) return silent(openSocket(login, settings.connectTimeoutMs))
  return silent(openTunnel(jump, nameOf(through.hop), login, settings.connectTimeoutMs))
}

/** A command that says why it gave up is not asked again: it was not sshd that dropped us. */
const withComplaints = (error: LoginError, complaints: string): LoginError =>
  complaints === '' || (error._tag !== 'Dropped' && error._tag !== 'Unreachable')
    ? error
    : {
        _tag: 'Unreachable',
        ...toldReason(reason`${reasonOfTold(error)}${quoting(`; the ProxyCommand said: ${complaints}`)}`),
      }

/** One sshd, as it is addressed. */
export const placeOf = ({ login: { address, port }, through }: Destination): string =>
  JSON.stringify([address, port, through._tag === 'Jump' ? keyOf(through.hop) : through])

/** One user of one sshd. */
const accountOf = (destination: Destination): string => JSON.stringify([destination.login.user, placeOf(destination)])

const closeJump = ({ loggedIn, release }: Connected): void => {
  loggedIn.client.end()
  // A jump host that is gone never takes the last bytes.
  setTimeout(() => loggedIn.socket.destroy(), 1000).unref()
  loggedIn.socket.once('close', release)
}

/** Whose trouble it is. */
export const atJump = (error: RemoteError, jump: string): RemoteError =>
  error._tag === 'TooMuchOutput' || error.why.startsWith('the jump host ')
    ? error
    : { ...error, why: `the jump host ${jump}: ${error.why}` }
