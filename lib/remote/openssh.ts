/** The transport over the system's own OpenSSH client: for certificates, hardware keys and whatever else it can do. */

import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { toldReason } from '../model/reason.js'
import type { RemoteError } from '../model/remote-error.js'
import { type Limits, limitsHere } from './limits.js'
import { explainLoss } from './openssh/explain.js'
import { type Master, openMaster } from './openssh/master.js'
import { recordHostKey } from './openssh/record-host-key.js'
import { runInSession } from './openssh/run-in-session.js'
import { channelsAtOnce, scriptRunner } from './script-runner.js'
import { atJump, placeOf } from './ssh/connector.js'
import { type Destination, keyOf, nameOf } from './ssh/destination.js'
import { readIdentities } from './ssh/identities.js'
import { type Hearing, hearingFor, type SshOptions, settingsOf } from './ssh/options.js'
import { resolveRoute } from './ssh/resolve.js'
import { againIfDropped } from './ssh/retry-drops.js'
import { type Shared, sharedBy } from './ssh/shared.js'
import type { SshTransport } from './ssh.js'
import { sshConfigReader } from './ssh-config.js'
import type { Connection } from './transport.js'
import { withDescriptors } from './with-descriptors.js'

type Held = Readonly<{ master: Master; release: () => void }>

export const opensshTransport = (options: SshOptions, limits: Limits = limitsHere()): SshTransport => {
  const askConfig = sshConfigReader(options.home, settingsOf(options).connectTimeoutMs)
  const share = sharedBy<Held>()

  const connect = (destination: Destination, hearing: Hearing): TE.TaskEither<RemoteError, Held> => {
    const { settings, through } = destination
    const behind = through._tag === 'Jump' ? keyOf(through.hop) : null
    return pipe(
      reachJump(destination, hearing),
      TE.flatMap(jump =>
        pipe(
          openMaster(destination, jump?.value.master ?? null, hearing.tried),
          againIfDropped(limits.ramps(placeOf(destination), behind), settings.connectTimeoutMs),
          TE.flatMap(master => () => recordHostKey(master, destination, limits.oneByOne, hearing.recorded)),
          TE.orElse(error => async () => E.left(await withUnused(error, destination))),
          TE.map(master => ({ master, release: () => jump?.release() })),
          TE.mapLeft(error => {
            jump?.release()
            return error
          }),
        ),
      ),
    )
  }

  const reachJump = ({ through }: Destination, hearing: Hearing): TE.TaskEither<RemoteError, Shared<Held> | null> => {
    if (through._tag !== 'Jump') return TE.right(null)
    const { hop } = through
    return () =>
      share(keyOf(hop), {
        open: pipe(
          connect(hop, hearing),
          TE.mapLeft(error => atJump(error, nameOf(hop))),
        ),
        close: ({ master, release }) => void master.close().finally(release),
        isGone: ({ master }) => master.isGone(),
      })
  }

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
          )(
            pipe(
              connect(destination, hearingFor(host, destination.settings)),
              TE.map(held => overMaster(held, destination)),
            ),
          ),
        ),
      ),
  }
}

/** What there would be to log in with, and is not used: ssh is told no secret and asks nobody. */
const withUnused = async (error: RemoteError, { keys, settings, password }: Destination): Promise<RemoteError> => {
  if (error._tag !== 'LoginRefused') return error
  const { unusable } = await readIdentities(keys, { ...settings, unlockedKeys: new Map() })
  const untold = password === null ? [] : ['a password is given to the built-in client alone, not to OpenSSH']
  return { ...error, why: [error.why, ...unusable, ...untold].join('; ') }
}

/** The pipes of ssh, and those of as many sessions as there may be at once, each with its log. */
const needed = { opening: 8, open: 2 + channelsAtOnce * 4 }

/** A session ends by itself when its master does, and then says how; one that does not is not waited for. */
const endsByItselfMs = 1000

const overMaster = ({ master, release }: Held, { login, settings }: Destination): Connection => {
  let sessions = 0
  let signals = 0
  const whyLost = async () => explainLoss(await master.readLog(), settings.keepaliveMs)
  /** ssh logs each of them, and not of which session: one is told from the next by their number. */
  const wasKilled = async () => {
    const logged = (await master.readLog()).split(' rtype exit-signal ').length - 1
    if (logged <= signals) return false
    signals += 1
    return true
  }
  const { run, die } = scriptRunner(script => {
    sessions += 1
    const log = `${master.folder}/${sessions}`
    return runInSession(script, { socket: master.socket, log, name: login.address, wasKilled, whyLost })
  })
  void master.ended.then(async () => {
    const why = await whyLost()
    await delay(endsByItselfMs, undefined, { ref: false })
    die(why)
  })
  let isClosed = false
  return {
    run: script => async () =>
      !isClosed && master.isGone() ? E.left({ _tag: 'Unreachable', ...toldReason(await whyLost()) }) : run(script)(),
    close: async () => {
      isClosed = true
      die('the connection was closed')
      await master.close().finally(release)
    },
  }
}
