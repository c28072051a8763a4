/** The transport over SSH: one connection per host, and none to a host that is not what known_hosts says. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HostName } from '../model/names.js'
import type { RemoteError } from '../model/remote-error.js'
import { type Limits, limitsHere } from './limits.js'
import { type Connected, connector } from './ssh/connector.js'
import type { Destination } from './ssh/destination.js'
import { hearingFor, type SshOptions, type SshRoute, settingsOf } from './ssh/options.js'
import { resolveRoute } from './ssh/resolve.js'
import { openSession } from './ssh/session.js'
import { sshConfigReader } from './ssh-config.js'
import type { Connection } from './transport.js'
import { withDescriptors } from './with-descriptors.js'

export type { RecordedKey, SshOptions, UnlockedKey } from './ssh/options.js'
export { type LockedKey, lockedKeys } from './ssh/unlock-keys.js'

export type SshTransport = Readonly<{
  connect: (host: HostName, route: SshRoute) => TE.TaskEither<RemoteError, Connection>
}>

export const sshTransport = (options: SshOptions, limits: Limits = limitsHere()): SshTransport => {
  const askConfig = sshConfigReader(options.home, settingsOf(options).connectTimeoutMs)
  const connect = connector(limits)
  return {
    connect: (host, route) =>
      pipe(
        () => resolveRoute(route, options, askConfig),
        TE.mapLeft((why): RemoteError => ({ _tag: 'Unreachable', why })),
        TE.flatMap(destination =>
          withDescriptors(
            limits.descriptors,
            needed,
            destination.settings.connectTimeoutMs,
          )(pipe(connect(destination, hearingFor(host, destination.settings)), TE.map(withSession(destination)))),
        ),
      ),
  }
}

/** While it is made, files of keys and known hosts and an agent are read too. */
const needed = { opening: 8, open: 2 }

const withSession =
  ({ settings }: Destination) =>
  ({ loggedIn, release }: Connected): Connection => {
    const session = openSession(loggedIn, settings.keepaliveMs)
    return { run: session.run, close: () => session.close().finally(release) }
  }
