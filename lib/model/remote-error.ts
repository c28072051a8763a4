/** What can go wrong between here and a host. */
import type { BecomeRefusal } from './become.js'

/** Each is another answer to whether anything was done, and may be done again. */
export type RemoteError =
  /** Nothing was sent: the host did not answer, or not in time. Also of a script: it can be sent again. */
  | Readonly<{ _tag: 'Unreachable'; why: string }>
  | Readonly<{ _tag: 'HostKeyRefused'; why: string; fingerprint: string }>
  | Readonly<{ _tag: 'LoginRefused'; why: string }>
  /** Logged in, but sudo or its like did not let us be whom the script is for: nothing of it was sent. */
  | Readonly<{ _tag: 'BecomeRefused'; reason: BecomeRefusal; why: string }>
  /** The link went away while a script was running: what it did, and whether it still runs, is not known. */
  | Readonly<{ _tag: 'Lost'; why: string }>
  /** The script's deadline passed: whether it still runs is not known, and the link is sound. */
  | Readonly<{ _tag: 'Late'; why: string }>
  | Readonly<{ _tag: 'TooMuchOutput'; limitBytes: number }>
  /** It answered, but with something that is not ours: no shell, a forced command, a cut or garbled answer. */
  | Readonly<{ _tag: 'BadAnswer'; why: string }>

export const remoteErrorInWords = (error: RemoteError): string => {
  switch (error._tag) {
    case 'Unreachable':
    case 'LoginRefused':
    case 'BecomeRefused':
    case 'Lost':
    case 'Late':
      return error.why
    case 'HostKeyRefused':
      return `${error.why} (its key is ${error.fingerprint})`
    case 'TooMuchOutput':
      return `it printed more than ${error.limitBytes} bytes`
    case 'BadAnswer':
      return error.why
  }
}
