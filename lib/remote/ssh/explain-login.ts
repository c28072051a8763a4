/** Why a host that was reached could not be logged in to. */
import { quoting, type Reason, reason, toldReason } from '../../model/reason.js'
import type { RemoteError } from '../../model/remote-error.js'
import type { Offering } from './offer-keys.js'
import type { Login } from './options.js'
import { otherClient } from './other-client.js'

/** `Dropped`: sshd hung up before it knew who we are, as it does when too many are logging in at once (MaxStartups). */
export type LoginError = RemoteError | Readonly<{ _tag: 'Dropped'; why: string; own?: string }>

/** How far it got before the connection was closed. */
export type LoginProgress = {
  /** The beginning of whatever the host said before anything was encrypted. */
  greeting: string
  objection: RemoteError | null
  isHandshaken: boolean
  /** The first one. */
  trouble: LoginTrouble | null
}

/** `level` is ssh2's word for where it happened; `code`, where it is a number, the reason in a disconnect message. */
export type LoginTrouble = Error & { level?: string; code?: unknown }

export const explainLogin = (
  { greeting, objection, isHandshaken, trouble }: LoginProgress,
  offering: Offering,
  { address, port, user }: Login,
  handshakeTimeoutMs: number,
): LoginError => {
  const place = `${address} port ${port}`
  const seconds = `${handshakeTimeoutMs / 1000} s`
  const isLate = trouble?.level === 'client-timeout'
  const unreachable = (what: string | Reason): LoginError => ({
    _tag: 'Unreachable',
    ...toldReason(reason`${place} ${what}`),
  })

  if (objection !== null) return objection
  if (isHandshaken && typeof trouble?.code === 'number') {
    return {
      _tag: 'LoginRefused',
      ...toldReason(reason`${offering.outcome()}${quoting(`; it ended with: ${trouble.message}`)}`),
    }
  }
  if (isHandshaken && offering.isOver()) return { _tag: 'LoginRefused', why: offering.outcome() }
  if (isHandshaken && isLate) return unreachable(`took longer than ${seconds} over the login of ${user}`)
  if (isHandshaken) return unreachable(`closed the connection during the login of ${user}`)
  if (isLate && greeting === '') return unreachable(`took the connection and said nothing for ${seconds}`)
  if (isLate) return unreachable(`did not finish the SSH handshake within ${seconds}`)
  if (greeting === '' || greeting.startsWith('Exceeded MaxStartups')) {
    return {
      _tag: 'Dropped',
      ...toldReason(
        reason`${place} closed the connection before it spoke SSH${quoting(`: ${greeting.trim() || 'no reason'}`)}`,
      ),
    }
  }
  if (greeting.startsWith('Not allowed at this time'))
    return unreachable('keeps this address out for a while, because of failed logins (PerSourcePenalties)')
  if (!/^SSH-/m.test(greeting))
    return unreachable(reason`does not speak SSH${quoting(`; it says: ${greeting.trim()}`)}`)
  if (trouble === null || trouble.level === 'client-socket')
    return { _tag: 'Dropped', why: `${place} closed the connection during the SSH handshake` }
  return unreachable(
    reason`did not agree on how to speak SSH${quoting(`: ${trouble.message}`)}; OpenSSH knows more ways: ${otherClient}`,
  )
}
