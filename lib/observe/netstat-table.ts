/** What a flavour of netstat's table can do: read its rows, and say whether doubt remains. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Listener } from '../model/observation.js'

export type NetstatTable = Readonly<{
  /** Null is a row that is no listening TCP socket. */
  read: (line: string) => Either<string, Listener | null>
  /** Why an address that was read may have been cut, judged by all rows so far. */
  doubt: () => string | null
}>

export const maybeCut = (line: string): string =>
  `netstat printed an address that may have been cut, so it has to be run with -W or -l: ${line}`

/** The names of tcp(7) and tcp(4): any other is a word that was cut, or of a table that is not known. */
export const tcpStates: ReadonlySet<string> = new Set([
  ...['LISTEN', 'ESTABLISHED', 'CLOSED', 'CLOSE', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK', 'TIME_WAIT', 'UNKNOWN'],
  ...['SYN_SENT', 'SYN_RECV', 'SYN_RCVD', 'NEW_SYN_RECV', 'SYN_RECEIVED', 'BOUND_INACTIVE', 'IDLE', 'BOUND'],
  ...['FIN_WAIT1', 'FIN_WAIT2', 'FIN_WAIT_1', 'FIN_WAIT_2'],
])
