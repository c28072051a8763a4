import { spawn } from 'node:child_process'
import { connect, createServer, type Socket } from 'node:net'
import type { HostName } from '../../lib/model/names.js'
import { type SshOptions, sshTransport } from '../../lib/remote/ssh.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf, run } from './scripts.js'
import { freePort, optionsFor, withoutSshd, withSshd } from './sshd.js'

/** Well under the deadlines that hold when none is given. */
const soon = { timeoutMs: 5000 }

describe('a host that cannot be reached over ssh', test => {
  test('refuses the connection', async () => {
    assertError(await reach(await freePort()), 'Unreachable', '127.0.0.1 refused the connection')
  })

  test('has no address', async () => {
    const route = { _tag: 'Ssh', address: 'no-such-host.invalid', port: 22, user: null, keyFile: null } as const
    assertError(await sshTransport(options).connect(name, route)(), 'Unreachable', 'no-such-host.invalid', 'DNS')
  })

  test(
    'does not answer: the connect deadline ends the wait',
    () =>
      withDeafListener(async port => {
        assertError(await reach(port, { connectTimeoutMs: 300 }), 'Unreachable', 'did not answer within 0.3 s')
      }),
    soon,
  )

  test(
    'takes the connection and says nothing: the handshake deadline ends the wait',
    () =>
      withListener(
        () => {},
        async port => {
          assertError(await reach(port, { handshakeTimeoutMs: 300 }), 'Unreachable', 'said nothing for 0.3 s')
        },
      ),
    soon,
  )

  test(
    'says who it is and no more',
    () =>
      withListener(
        socket => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
        async port => {
          const result = await reach(port, { handshakeTimeoutMs: 300 })
          assertError(result, 'Unreachable', 'did not finish the SSH handshake within 0.3 s')
        },
      ),
    soon,
  )

  test('speaks something else', () =>
    withListener(
      socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      async port => {
        assertError(await reach(port), 'Unreachable', 'does not speak SSH', 'HTTP/1.1 400 Bad Request')
      },
    ))

  test(
    'knows no algorithm in common',
    withSshd(['Ciphers 3des-cbc'], async ({ connect }) => {
      assertError(await connect(), 'Unreachable', 'did not agree', 'no matching C->S cipher')
    }),
    { skip: withoutSshd },
  )

  test('hangs up each time', () => {
    let calls = 0
    return withListener(
      socket => {
        calls += 1
        socket.destroy()
      },
      async port => {
        assertError(await reach(port), 'Unreachable', `${calls} times`)
      },
    )
  })

  const crowded = withSshd(['MaxStartups 1'], async ({ port, connect: logIn, logged }) => {
    const crowd = connect(port, '127.0.0.1')
    await logged('Connection from')
    const connecting = logIn()
    await logged('MaxStartups')
    crowd.destroy()
    await run(rightOf(await connecting), 'echo on\n')
  })
  test('drops who comes while too many log in: it is tried again', crowded, { skip: withoutSshd })
})

const name = 'h' as HostName
const options = optionsFor('/nonexistent')

const reach = (port: number, more: Partial<SshOptions> = {}) => {
  const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile: null } as const
  return sshTransport({ ...options, ...more }).connect(name, route)()
}

const withListener = async (onConnection: (socket: Socket) => void, body: (port: number) => Promise<void>) => {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => {})
    onConnection(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    await body(address !== null && typeof address === 'object' ? address.port : 0)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

/** A stopped process with a full backlog: its kernel drops whoever knocks. */
const withDeafListener = async (body: (port: number) => Promise<void>) => {
  const program = `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    console.log(s.address().port); process.kill(process.pid, 'SIGSTOP') })`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const crowd: Socket[] = []
  try {
    const port = await new Promise<number>(resolve => child.stdout.once('data', text => resolve(Number(text))))
    for (let i = 0; i < 4; i += 1) crowd.push(connect(port, '127.0.0.1').on('error', () => {}))
    await body(port)
  } finally {
    for (const socket of crowd) socket.destroy()
    child.kill('SIGKILL')
  }
}
