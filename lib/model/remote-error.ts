/** What can go wrong between here and a host. */
import type { BecomeRefusal } from './become.js'
import { quoting, type Reason, reason, reasonOfTold } from './reason.js'

/**
 * Each is another answer to whether anything was done, and may be done again. `own`: `why` without what it quotes of a host
 * or a program, where it does.
 */
export type RemoteError =
  /** Nothing was sent: the host did not answer, or not in time. Also of a script: it can be sent again. */
  | Readonly<{ _tag: 'Unreachable'; why: string; own?: string }>
  | Readonly<{ _tag: 'HostKeyRefused'; why: string; fingerprint: string }>
  | Readonly<{ _tag: 'LoginRefused'; why: string; own?: string }>
  /** Logged in, but sudo or its like did not let us be whom the script is for: nothing of it was sent. */
  | Readonly<{ _tag: 'BecomeRefused'; reason: BecomeRefusal; why: string }>
  /** The link went away while a script was running: what it did, and whether it still runs, is not known. */
  | Readonly<{ _tag: 'Lost'; why: string; own?: string }>
  /** The script's deadline passed: whether it still runs is not known, and the link is sound. */
  | Readonly<{ _tag: 'Late'; why: string }>
  | Readonly<{ _tag: 'TooMuchOutput'; limitBytes: number }>
  /** It answered, but with something that is not ours: no shell, a forced command, a cut or garbled answer. */
  | Readonly<{ _tag: 'BadAnswer'; why: string }>

export const remoteErrorInWords = (error: RemoteError): string => remoteErrorReason(error).why

export const remoteErrorReason = (error: RemoteError): Reason => {
  switch (error._tag) {
    case 'Unreachable':
    case 'LoginRefused':
    case 'Lost':
    case 'Late':
      return reasonOfTold(error)
    case 'BecomeRefused':
      return quoting(error.why, `the login could not become another user (${error.reason})`)
    case 'HostKeyRefused':
      return quoting(`${error.why} (its key is ${error.fingerprint})`, 'its host key was refused')
    case 'TooMuchOutput':
      return reason`it printed more than ${error.limitBytes} bytes`
    case 'BadAnswer':
      return quoting(error.why, 'its answer could not be read')
  }
}
