/** Reaches a host's SSH port, inside a deadline, or says why not. */
import { connect, type Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { LoginError } from './explain-login.js'
import type { Login } from './options.js'

/** The deadline covers the look-up of the name too. */
export const openSocket =
  ({ address, port }: Login, timeoutMs: number): TaskEither<LoginError, Socket> =>
  () =>
    new Promise(resolve => {
      const socket = connect({
        host: address,
        port,
        // SSH talks in small packets: waiting to fill them nearly doubles the time to log in.
        noDelay: true,
        // Node gives each of several addresses 250 ms, less than a slow link needs.
        autoSelectFamilyAttemptTimeout: Math.max(250, Math.round(timeoutMs / 4)),
      })
      const fail = (why: string, _tag: 'Unreachable' | 'Dropped' = 'Unreachable') => {
        clearTimeout(timer)
        socket.destroy()
        resolve(E.left({ _tag, why }))
      }
      const timer = setTimeout(
        () => fail(`${address} port ${port} did not answer within ${timeoutMs / 1000} s`),
        timeoutMs,
      )
      // Stays for the socket's whole life: an error nobody listens to would end the process.
      socket.on('error', (error: NodeJS.ErrnoException) =>
        fail(wordsFor(error, address, port), error.code === 'ECONNRESET' ? 'Dropped' : 'Unreachable'),
      )
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(E.right(socket))
      })
    })

/** A name with several addresses fails in several ways at once. */
const wordsFor = (error: Error, address: string, port: number): string => {
  const errors: readonly NodeJS.ErrnoException[] = error instanceof AggregateError ? error.errors : [error]
  return [...new Set(errors.map(each => wordsForOne(each, address, port)))].join('; ')
}

/** By the name the C library gives the error. */
export const wordsForOne = (
  { code, message }: Pick<NodeJS.ErrnoException, 'code' | 'message'>,
  address: string,
  port: number,
): string => {
  switch (code) {
    case 'ECONNREFUSED':
      return `${address} refused the connection to port ${port}: is sshd running there?`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${address}`
    case 'ETIMEDOUT':
      return `${address} port ${port} did not answer`
    case 'ENOTFOUND':
      return `the name ${address} has no address (DNS)`
    case 'EAI_AGAIN':
      return `no name server could be asked for ${address} (DNS)`
    default:
      return `${address} port ${port} could not be reached: ${message}`
  }
}
