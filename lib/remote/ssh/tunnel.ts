/** The way to an sshd that is not reached directly: through a jump host, or by a command of the user's. */

import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ClientChannel } from 'ssh2'
import { quoting, type Reason, reason, toldReason } from '../../model/reason.js'
import type { RemoteError } from '../../model/remote-error.js'
import { startProcess } from '../start-process.js'
import { joined } from './duplex.js'
import type { LoggedIn } from './log-in.js'
import type { Login } from './options.js'

/** `complaints`: what was printed beside it so far. */
export type Way = Readonly<{ stream: Duplex; complaints: () => string }>

/** The jump host connects; it has as long for that as we would. */
export const openTunnel =
  (
    { client }: Pick<LoggedIn, 'client'>,
    jump: string,
    { address, port }: Login,
    timeoutMs: number,
  ): TaskEither<RemoteError, Duplex> =>
  () =>
    new Promise(resolve => {
      const fail = (why: string | Reason) => {
        clearTimeout(timer)
        client.off('close', onClose)
        resolve(E.left({ _tag: 'Unreachable', ...toldReason(reason`the jump host ${jump} ${why}`) }))
      }
      const onClose = () => fail('hung up')
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        fail(`could not reach ${address} port ${port} within ${timeoutMs / 1000} s`)
      }, timeoutMs)
      client.once('close', onClose)
      const onChannel = (error: (Error & { reason?: unknown }) | undefined, channel: ClientChannel) => {
        if (error) return fail(wordsFor(error, address, port))
        if (isLate) return channel.destroy()
        clearTimeout(timer)
        client.off('close', onClose)
        resolve(E.right(joined(channel, channel, () => channel.destroy())))
      }
      try {
        client.forwardOut('127.0.0.1', 0, address, port, onChannel)
      } catch (error) {
        fail(`is gone: ${error instanceof Error ? error.message : error}`)
      }
    })

/** The reasons are those of RFC 4254, 5.1. */
const wordsFor = ({ message, reason: code }: Error & { reason?: unknown }, address: string, port: number): Reason => {
  const said = message.replace(/^\(SSH\) Channel open failure: /, '')
  if (code === 1) return reason`does not forward to ${address} port ${port} (AllowTcpForwarding)${quoting(`: ${said}`)}`
  return reason`could not reach ${address} port ${port}${quoting(`: ${said}`)}`
}

/** As OpenSSH runs it, and its stderr is what it has to say when nothing comes of it. */
export const openCommand = (command: string): E.Either<RemoteError, Way> => {
  const started = startProcess('/bin/sh', ['-c', `exec ${command}`])
  if (E.isLeft(started)) return E.left({ _tag: 'Unreachable', why: started.left })
  const child = started.right
  let complaints = ''
  child.stderr.on('data', chunk => {
    complaints = (complaints + chunk).slice(-1000)
  })
  const stream = joined(child.stdout, child.stdin, () => {
    child.kill()
    child.stdout.destroy()
    child.stderr.destroy()
    child.unref()
  })
  child.on('error', error => {
    complaints += error.message
    stream.destroy()
  })
  child.on('close', code => {
    if (complaints === '' && code !== 0) complaints = `exit ${code}`
    stream.destroy()
  })
  return E.right({ stream, complaints: () => complaints.trim() })
}
