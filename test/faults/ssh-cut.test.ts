import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { isRight } from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import { describe } from '../helpers/test.js'
import { withCuttingProxy } from '../remote/cutting-proxy.js'
import { leftOf, scriptOf } from '../remote/scripts.js'
import { optionsFor, type Sshd, withoutSshd, withSshd } from '../remote/sshd.js'
import { clients } from './clients.js'

const skip = withoutSshd

for (const { name, with: over } of clients)
  describe(`a bad line under ${name}`, test => {
    test(
      'never makes a whole answer of one that was cut, wherever the reset comes',
      withSshd(['MaxStartups 1000'], async sshd => {
        const outcomes = new Set<string>()
        // From the greeting to past the end of the answer, at odd places.
        for (let bytes = 7; bytes < 7000; bytes += 613)
          await withCuttingProxy(sshd.port, bytes, 'reset', async port => {
            outcomes.add(await outcomeAt(sshd, port, over))
          })
        outcomes.delete('whole')
        assert.equal([...outcomes].sort(), ['Lost', 'Unreachable'])
      }),
      { skip, timeoutMs: 60_000 },
    )

    test(
      'brings the same answer a byte at a time',
      withSshd([], sshd =>
        withCrumblingProxy(sshd.port, async port => assert.is(await outcomeAt(sshd, port, over), 'whole')),
      ),
      { skip },
    )
  })

type Over = (typeof clients)[number]['with']

const outcomeAt = async ({ home, port }: Sshd, proxyPort: number, over: Over): Promise<string> => {
  const knownHosts = `${home}/.ssh/known_hosts_${proxyPort}`
  writeFileSync(knownHosts, readFileSync(`${home}/.ssh/known_hosts`, 'utf8').replace(`:${port}`, `:${proxyPort}`))
  const route = { _tag: 'Ssh', address: '127.0.0.1', port: proxyPort, user: null, keyFile: null } as const
  const options = { ...optionsFor(home), ...over, knownHostsFiles: [knownHosts], connectTimeoutMs: 500 }
  const connection = await transportByRoute(options).connect('h' as HostName, route)()
  if (!isRight(connection)) return leftOf(connection)._tag
  const output = await connection.right.run(scriptOf(`printf '%1000s' end; exit 5\n`))()
  await connection.right.close()
  if (!isRight(output)) return leftOf(output)._tag
  return output.right.stdout.length === 1000 && output.right.code === 5 ? 'whole' : 'cut short'
}

/** Passes everything on, each byte in a packet of its own. */
const withCrumblingProxy = async (serverPort: number, body: (port: number) => Promise<void>): Promise<void> => {
  const sockets: Socket[] = []
  const crumble = (from: Socket, to: Socket) => {
    to.setNoDelay(true)
    from.on('data', chunk => {
      for (const byte of chunk) to.write(Buffer.from([byte]))
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
  }
  const proxy = createServer(client => {
    const server = connect(serverPort, '127.0.0.1')
    sockets.push(client, server)
    crumble(client, server)
    crumble(server, client)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  try {
    const address = proxy.address()
    await body(address !== null && typeof address === 'object' ? address.port : 0)
  } finally {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  }
}
