/** An SSH server on this machine that writes down how it was asked to log somebody in, and answers as a test wants. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import ssh2, { type AuthContext } from 'ssh2'
import type { Route } from '../../lib/model/inventory.js'
import type { HostName } from '../../lib/model/names.js'
import type { RemoteError } from '../../lib/model/remote-error.js'
import { Secret } from '../../lib/model/secret.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import type { SshOptions } from '../../lib/remote/ssh.js'
import type { Connection, Transport } from '../../lib/remote/transport.js'
import { inFolder } from '../helpers/folder.js'
import { makeKey, optionsFor } from './sshd.js'

type Asked = Readonly<{
  /** `none`, `password RIGHT`, `keyboard-interactive`, `answer RIGHT`, in their order. */
  attempts: string[]
  connections: () => number
  transport: Transport
  route: Route
  /** By the same transport each time; closed when the test is over. */
  connect: () => Promise<E.Either<RemoteError, Connection>>
}>

type Answer = (context: AuthContext, note: (attempt: string) => void, socket: Socket) => void

/** The password is `right`. */
export const takesPassword: Answer = (context, note) => {
  if (context.method !== 'password') return context.reject(['password'])
  note(`password ${context.password}`)
  if (context.password === 'right') context.accept()
  else context.reject(['password'])
}

export const withPasswordServer =
  (
    answer: Answer,
    password: string | null,
    body: (asked: Asked) => Promise<void>,
    more: Pick<SshOptions, 'onLoginTried'> = {},
  ) =>
  (): Promise<void> =>
    inFolder(async folder => {
      const key = makeKey(`${folder}/key`)
      const attempts: string[] = []
      const opened: Connection[] = []
      let connections = 0
      const server = createServer(socket => {
        connections += 1
        const ssh = new ssh2.Server({ hostKeys: [readFileSync(key)] }, client => {
          client.on('authentication', context => {
            if (context.method !== 'password') attempts.push(context.method)
            answer(context, attempt => attempts.push(attempt), socket)
          })
          client.on('error', () => {})
        })
        ssh.injectSocket(socket)
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      writeFileSync(`${folder}/known_hosts`, `[127.0.0.1]:${port} ${readFileSync(`${key}.pub`, 'utf8')}`)
      const transport = transportByRoute({
        ...optionsFor(folder),
        knownHostsFiles: [`${folder}/known_hosts`],
        password: password === null ? null : new Secret(password),
        ...more,
      })
      const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: 'ops', keyFile: null } as const
      const connect = async () => {
        const connection = await transport.connect('h' as HostName, route)()
        if (E.isRight(connection)) opened.push(connection.right)
        return connection
      }
      try {
        await body({ attempts, connections: () => connections, transport, route, connect })
      } finally {
        await Promise.all(opened.map(connection => connection.close()))
        server.close()
      }
    })
