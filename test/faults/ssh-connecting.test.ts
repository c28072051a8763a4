import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect as connectTo, createServer, type Socket } from 'node:net'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import type { SshOptions } from '../../lib/remote/ssh.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf, run } from '../remote/scripts.js'
import { freePort, makeKey, optionsFor, withoutSshd, withSshd } from '../remote/sshd.js'
import { clients } from './clients.js'

const skip = withoutSshd
const soon = { skip, timeoutMs: 8000 }

for (const { name, with: over } of clients) {
  describe(`connecting with ${name}`, test => {
    const reach = (port: number, more: Partial<SshOptions> = {}) =>
      transportByRoute({ ...optionsFor('/nonexistent'), ...over, ...more }).connect('h' as HostName, {
        _tag: 'Ssh',
        address: '127.0.0.1',
        port,
        user: null,
        keyFile: null,
      })()

    test(
      'says that a port is closed',
      async () => {
        assertError(await reach(await freePort()), 'Unreachable', 'refused the connection', 'is sshd running there?')
      },
      soon,
    )

    test(
      'gives a server up that takes the connection and says nothing',
      () =>
        withListener(
          () => {},
          async port => {
            assertError(
              await reach(port, { connectTimeoutMs: 1000, handshakeTimeoutMs: 300 }),
              'Unreachable',
              'said nothing for',
            )
          },
        ),
      soon,
    )

    test(
      'quotes a server that speaks something else',
      () =>
        withListener(
          socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
          async port => assertError(await reach(port), 'Unreachable', 'does not speak SSH', 'HTTP/1.1 400 Bad Request'),
        ),
      soon,
    )

    test(
      'does not insist with a server that keeps us out for failed logins',
      () => {
        let calls = 0
        return withListener(
          socket => {
            calls += 1
            socket.end('Not allowed at this time\r\n')
          },
          async port => {
            assertError(await reach(port), 'Unreachable', 'PerSourcePenalties')
            assert.is(calls, 1)
          },
        )
      },
      soon,
    )

    for (const how of ['before it spoke SSH', 'during the SSH handshake'] as const)
      test(
        `tries again, within the deadline, when it is dropped ${how}`,
        () => {
          let calls = 0
          return withListener(
            socket => {
              calls += 1
              if (how === 'before it spoke SSH') socket.destroy()
              else
                socket.once('data', () => socket.write('SSH-2.0-x\r\n', () => setTimeout(() => socket.destroy(), 50)))
            },
            async port => {
              assertError(await reach(port, { connectTimeoutMs: 1500 }), 'Unreachable', how, `${calls} times`)
              assert.ok(calls > 2)
            },
          )
        },
        soon,
      )

    test(
      'refuses a host whose key is not known, before it says who would log in',
      withSshd(['LogLevel DEBUG1'], async ({ home, folder, connect, log, logged }) => {
        writeFileSync(`${home}/.ssh/known_hosts`, '')
        const fingerprint = execFileSync('ssh-keygen', ['-lf', `${folder}/host_key.pub`], { encoding: 'utf8' })
        assertError(await connect(over), 'HostKeyRefused', fingerprint.split(' ')[1] ?? '?')
        await logged('[preauth]')
        assert.not.match(log(), /userauth|Failed|Accepted/)
        assert.is(log().split('Connection from').length, 2)
      }),
      soon,
    )

    test(
      'refuses a host whose key has changed, and says where the other is written',
      withSshd(['LogLevel DEBUG1'], async ({ home, folder, port, connect, log }) => {
        const other = readFileSync(`${makeKey(`${folder}/other`)}.pub`, 'utf8')
        writeFileSync(`${home}/.ssh/known_hosts`, `# mine\n[127.0.0.1]:${port} ${other}`)
        assertError(await connect(over), 'HostKeyRefused', 'another key', `${home}/.ssh/known_hosts:2`)
        assert.not.match(log(), /userauth|Failed|Accepted/)
        assert.is(log().split('Connection from').length, 2)
      }),
      soon,
    )

    test(
      'is refused without a key that the host takes, and does not try again',
      withSshd([], async ({ folder, connect, log, user }) => {
        writeFileSync(`${folder}/authorized_keys`, '')
        assertError(await connect(over), 'LoginRefused', `the host refused ${user}`, 'id_ed25519')
        assert.is(log().split('Connection from').length, 2)
      }),
      soon,
    )

    test(
      'never asks for a password where a server takes nothing else',
      withSshd(['PubkeyAuthentication no', 'PasswordAuthentication yes'], async ({ connect, log }) => {
        assertError(await connect(over), 'LoginRefused', 'password')
        assert.is(log().split('Connection from').length, 2)
      }),
      soon,
    )

    test(
      'waits its turn where a crowd of idle connections has an sshd drop most of those who come',
      withSshd(['MaxStartups 2:100:2'], async ({ port, connect, logged }) => {
        const crowd = [connectTo(port, '127.0.0.1'), connectTo(port, '127.0.0.1')]
        await logged('Connection from', 2)
        const connecting = connect(over)
        await logged('drop connection')
        for (const socket of crowd) socket.destroy()
        assert.is((await run(rightOf(await connecting), 'echo on\n')).stdout, 'on\n')
      }),
      soon,
    )

    test(
      'gets many in at once where two may log in at a time',
      withSshd(['MaxStartups 2:100:2'], async ({ connect }) => {
        const connections = await Promise.all(
          Array.from({ length: 8 }, () => connect({ ...over, connectTimeoutMs: 20_000 })),
        )
        for (const connection of connections) await run(rightOf(connection), 'echo on\n')
      }),
      { skip },
    )
  })
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
