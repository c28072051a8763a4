/** What can go wrong between here and a host. */

export type RemoteError =
  /** Nothing was sent: the host did not answer, or not in time. */
  | Readonly<{ _tag: 'Unreachable'; why: string }>
  | Readonly<{ _tag: 'HostKeyRefused'; why: string; fingerprint: string }>
  | Readonly<{ _tag: 'LoginRefused'; why: string }>
  /** The link went away, or the deadline passed, while a script was running: what it did is not known. */
  | Readonly<{ _tag: 'Lost'; why: string }>
  | Readonly<{ _tag: 'TooMuchOutput'; limitBytes: number }>
  /** It answered, but with something that is not ours: no shell, a forced command, a cut or garbled answer. */
  | Readonly<{ _tag: 'BadAnswer'; why: string }>

export const remoteErrorInWords = (error: RemoteError): string => {
  switch (error._tag) {
    case 'Unreachable':
    case 'LoginRefused':
    case 'HostKeyRefused':
    case 'Lost':
      return error.why
    case 'TooMuchOutput':
      return `it printed more than ${error.limitBytes} bytes`
    case 'BadAnswer':
      return error.why
  }
}
