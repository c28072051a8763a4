/** A process of its own in a lab's network: connects to many addresses at once, holds all, and tells what came of it. */
import { userInfo } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import type { HostName } from '../../lib/model/names.js'
import { remoteErrorInWords } from '../../lib/model/remote-error.js'
import { transportByRoute } from '../../lib/remote/by-route.js'

const [client, home = '', ...addresses] = process.argv.slice(2)
const transport = transportByRoute({
  user: userInfo().username,
  home,
  agentSocket: null,
  ...(client === 'openssh' ? { client } : {}),
})

const connections = await Promise.all(
  addresses.map(async address => {
    const route = { _tag: 'Ssh', address, port: null, user: null, keyFile: null } as const
    const connection = await transport.connect(address as HostName, route)()
    if (E.isLeft(connection)) return { failure: remoteErrorInWords(connection.left), close: async () => {} }
    const script = { text: '{ echo "$SSH_CONNECTION"; exit; }\n', deadlineMs: 30_000, maxBytes: 1000 }
    const output = await connection.right.run(script)()
    const isRight = E.isRight(output) && output.right.stdout.split(' ')[2] === address
    return { failure: isRight ? null : JSON.stringify(output), close: connection.right.close }
  }),
)
await Promise.all(connections.map(({ close }) => close()))
console.log(JSON.stringify({ failures: connections.flatMap(({ failure }) => failure ?? []) }))
