/** How a login went, told to whoever wants to know. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { LoginTrace } from '../../model/login-trace.js'
import { remoteErrorInWords } from '../../model/remote-error.js'
import { keyType } from '../known-hosts.js'
import { type Destination, nameOf } from './destination.js'
import type { LoginError } from './explain-login.js'
import { fingerprintOf } from './fingerprint.js'
import type { HostKeys } from './host-keys.js'
import type { LoginSeen } from './log-in.js'
import type { Hearing } from './options.js'

/** `attempt` says when the sshd is reached, and what was seen of the login at its end. */
export const traced =
  <A>(
    destination: Destination,
    hostKeys: HostKeys,
    tried: Hearing['tried'],
    attempt: (onReached: () => void, onEnded: (seen: LoginSeen) => void) => TaskEither<LoginError, A>,
  ): TaskEither<LoginError, A> =>
  async () => {
    const begun = performance.now()
    const passedMs = () => Math.round(performance.now() - begun)
    let reachedMs: number | null = null
    let seen: LoginSeen | null = null
    const onReached = () => {
      reachedMs = passedMs()
    }
    const result = await attempt(onReached, ended => {
      seen = ended
    })()
    tried?.({
      client: 'ssh2',
      ...placeOf(destination),
      ...traceOf(seen ?? nothing, hostKeys),
      reachedMs,
      tookMs: passedMs(),
      failed: E.isLeft(result) ? whyFailed(result.left) : null,
    })
    return result
  }

const nothing: LoginSeen = { greeting: '', shownKey: null, negotiated: null, tries: [] }

const traceOf = (
  { greeting, shownKey, negotiated, tries }: LoginSeen,
  hostKeys: HostKeys,
): Pick<LoginTrace, 'software' | 'hostKey' | 'negotiated' | 'tried'> => ({
  software: /^SSH-[^-\s]+-(\S+)/m.exec(greeting)?.[1] ?? null,
  hostKey:
    shownKey === null
      ? null
      : { keyType: keyType(shownKey), fingerprint: fingerprintOf(shownKey), foundAt: hostKeys.foundAt(shownKey) },
  negotiated:
    negotiated === null
      ? null
      : {
          kex: negotiated.kex,
          hostKey: negotiated.serverHostKey,
          cipher: negotiated.cs.cipher,
          mac: negotiated.cs.mac || null,
        },
  tried: tries,
})

/** Where to, as whom, and through whom. What a ProxyCommand is may hold a secret. */
export const placeOf = ({
  login: { address, port, user },
  through,
}: Destination): Pick<LoginTrace, 'address' | 'port' | 'user' | 'through'> => ({
  address,
  port,
  user,
  through: through._tag === 'Nothing' ? null : through._tag === 'Jump' ? nameOf(through.hop) : 'ProxyCommand',
})

export const whyFailed = (error: LoginError): string =>
  error._tag === 'Dropped' ? error.why : remoteErrorInWords(error)
