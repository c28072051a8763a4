/** An SSH server that does to a session what OpenSSH does not. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import ssh2, { type ServerChannel, type Session } from 'ssh2'
import type { HostName } from '../../lib/model/names.js'
import { sshTransport } from '../../lib/remote/ssh.js'
import type { Connection } from '../../lib/remote/transport.js'
import { inFolder } from '../helpers/folder.js'
import { rightOf } from './scripts.js'
import { makeKey, optionsFor } from './sshd.js'

type OnExec = (accept: () => ServerChannel, reject: () => void, socket: Socket) => void

/** Lets everybody in. */
export const withOddServer = (onExec: OnExec, body: (connection: Connection) => Promise<void>) => () =>
  inFolder(async folder => {
    const key = makeKey(`${folder}/key`)
    const server = createServer(socket => {
      const ssh = new ssh2.Server({ hostKeys: [readFileSync(key)] }, client => {
        client.on('authentication', context => context.accept())
        client.on('session', acceptSession => {
          const session: Session = acceptSession()
          session.on('exec', (accept, reject) => onExec(accept, reject, socket))
        })
        client.on('error', () => {})
      })
      ssh.injectSocket(socket)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    writeFileSync(`${folder}/known_hosts`, `[127.0.0.1]:${port} ${readFileSync(`${key}.pub`, 'utf8')}`)
    const transport = sshTransport({ ...optionsFor(folder), knownHostsFiles: [`${folder}/known_hosts`] })
    const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile: null } as const
    const connection = rightOf(await transport.connect('h' as HostName, route)())
    try {
      await body(connection)
    } finally {
      await connection.close()
      server.close()
    }
  })
