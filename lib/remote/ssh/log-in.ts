/** Makes a reached host a logged-in one: checks who it is, then offers it what there is to log in with. */
import type { Duplex } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { NodeSSH } from 'node-ssh'
import type { AnyAuthMethod, Client, NegotiatedAlgorithms, NextAuthHandler } from 'ssh2'
import type { LoginTry } from '../../model/login-trace.js'
import type { RemoteError } from '../../model/remote-error.js'
import { explainLogin, type LoginError, type LoginProgress, type LoginTrouble } from './explain-login.js'
import type { HostKeys } from './host-keys.js'
import type { Identities } from './identities.js'
import { offerKeys, type Password } from './offer-keys.js'
import type { Login, SshSettings } from './options.js'

/** That many signs of life in a row may go unanswered. */
export const keepalives = 3

/** What a login has shown, however it ended. */
export type LoginSeen = Readonly<{
  /** The beginning of whatever the host said before anything was encrypted. */
  greeting: string
  shownKey: Buffer | null
  negotiated: NegotiatedAlgorithms | null
  tries: readonly LoginTry[]
}>

type LoginPlan = Readonly<{
  login: Login
  hostKeys: HostKeys
  identities: Identities
  password: Password | null
  settings: SshSettings
  onEnded: (seen: LoginSeen) => void
}>

export type LoggedIn = Readonly<{ ssh: NodeSSH; client: Client; socket: Duplex }>

/** To be called as soon as the socket is connected: what the host says first is not kept for later. */
export const logIn =
  (
    socket: Duplex,
    { login, hostKeys, identities, password, settings, onEnded }: LoginPlan,
  ): TaskEither<LoginError, LoggedIn> =>
  () =>
    new Promise(resolve => {
      const progress: LoginProgress = { greeting: '', objection: null, isHandshaken: false, trouble: null }
      const offering = offerKeys(login.user, identities, password, () => socket.destroy())
      const fail = (trouble: LoginTrouble) => {
        // One key of an agent may be locked or gone: ssh2 goes on with the next.
        if (trouble.level === 'agent') return offering.note(`the agent: ${trouble.message}`)
        progress.trouble ??= trouble
        socket.destroy()
      }
      let negotiated: NegotiatedAlgorithms | null = null
      let shown: Buffer | null = null
      const end = (isLoggedIn: boolean) => {
        offering.end(isLoggedIn)
        onEnded({ greeting: progress.greeting, shownKey: shown, negotiated, tries: offering.tries() })
      }
      const onClose = () => {
        end(false)
        resolve(E.left(explainLogin(progress, offering, login, settings.handshakeTimeoutMs)))
      }
      socket.once('close', onClose)
      const verify = (key: Buffer): boolean => {
        // At a later exchange of keys it has to be the same one.
        if (shown !== null) return shown.equals(key)
        shown = key
        progress.objection = hostKeys.objection(key)
        return progress.objection === null
      }
      let settled: Promise<RemoteError | null> | null = null
      const offer = async (taken: readonly string[] | null, isPartial: boolean | null, next: NextAuthHandler) => {
        // The first word of who logs in, so by now the host has proved to hold its key: ssh2 asks before it checks that.
        settled ??= shown === null ? Promise.resolve(null) : hostKeys.settle(shown)
        progress.objection ??= await settled
        if (progress.objection !== null) socket.destroy()
        if (socket.destroyed) return
        // ssh2 takes `false` for the end here too, whatever its types say.
        next((await offering.next(taken, isPartial)) as AnyAuthMethod)
      }

      const ssh = new NodeSSH()
      const connecting = ssh.connect({
        sock: socket,
        username: login.user,
        readyTimeout: settings.handshakeTimeoutMs,
        keepaliveInterval: settings.keepaliveMs,
        keepaliveCountMax: keepalives,
        algorithms: { kex: withoutGroupExchange, serverHostKey: hostKeys.algorithms },
        hostVerifier: verify,
        authHandler: (taken, isPartial, next) => void offer(taken, isPartial, next).catch(fail),
      })
      // The promise fails for good at the first error, an agent's too, after which the login may still succeed: only
      // what is thrown before there are events is taken from it.
      connecting.catch(fail)
      const client = ssh.connection
      if (client === null) return
      client.on('error', fail)
      client.on('change password', () => {
        offering.note('the host wants the password to be changed first')
        socket.destroy()
      })
      client.on('ready', () => {
        socket.off('close', onClose)
        end(true)
        resolve(E.right({ ssh, client, socket }))
      })

      const hear = (chunk: Buffer) => {
        progress.greeting = (progress.greeting + chunk.toString('latin1')).slice(0, 200)
      }
      socket.on('data', hear)
      client.once('handshake', agreed => {
        negotiated = agreed
        progress.isHandshaken = true
        socket.off('data', hear)
      })
    })

/** Its primes cost 1.7 s of computing here, each time. */
const withoutGroupExchange = {
  remove: ['diffie-hellman-group-exchange-sha256' as const],
  append: [],
  prepend: [],
}
