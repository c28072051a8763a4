/** The transport over SSH: one connection per host, keys only, and no host that is not in known_hosts. */
import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HostName } from '../model/names.js'
import type { RemoteError } from '../model/remote-error.js'
import type { LoginError } from './ssh/explain-login.js'
import { readHostKeys } from './ssh/host-keys.js'
import { readIdentities } from './ssh/identities.js'
import { logIn } from './ssh/log-in.js'
import { type Login, type SshOptions, type SshRoute, type SshSettings, settingsOf } from './ssh/options.js'
import { openSession } from './ssh/session.js'
import { openSocket } from './ssh/socket.js'
import type { Connection } from './transport.js'

export type { SshOptions } from './ssh/options.js'

type SshTransport = Readonly<{
  connect: (host: HostName, route: SshRoute) => TE.TaskEither<RemoteError, Connection>
}>

export const sshTransport = (options: SshOptions): SshTransport => {
  const settings = settingsOf(options)
  return { connect: (_host, route) => connect(route, settings) }
}

const connect = (route: SshRoute, settings: SshSettings): TE.TaskEither<RemoteError, Connection> => {
  const login: Login = { address: route.address, port: route.port, user: route.user ?? settings.user }
  return pipe(
    // Read before anything is opened: an open connection does not wait for a slow disk or agent.
    TE.fromTask(() => Promise.all([readHostKeys(settings.knownHostsFiles, login), readIdentities(route, settings)])),
    TE.flatMap(([hostKeys, identities]) =>
      pipe(
        openSocket(login, settings.connectTimeoutMs),
        TE.flatMap(socket => logIn(socket, { login, hostKeys, identities, settings })),
        againIfDropped,
      ),
    ),
    TE.map(loggedIn => openSession(loggedIn, settings.keepaliveMs)),
  )
}

/** With the pauses between them, some six seconds. */
const triesToConnect = 6

/** sshd drops some of many that log in at once, and not the same ones again if each waits for a time of its own. */
const againIfDropped =
  <A>(attempt: TE.TaskEither<LoginError, A>): TE.TaskEither<RemoteError, A> =>
  async () => {
    for (let tries = 1; ; tries += 1) {
      const result = await attempt()
      if (E.isRight(result) || result.left._tag !== 'Dropped') return result as E.Either<RemoteError, A>
      if (tries === triesToConnect) return E.left({ _tag: 'Unreachable', why: `${result.left.why}, ${tries} times` })
      await delay(100 * 2 ** tries * (0.5 + Math.random()))
    }
  }
