/** A process of its own in a lab's network: runs one script on one host, and tells what came of it. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'

const [client, home = '', address = ''] = process.argv.slice(2)
const transport = transportByRoute({
  user: userInfo().username,
  home,
  agentSocket: null,
  connectTimeoutMs: 2000,
  keepaliveMs: 1000,
  ...(client === 'openssh' ? { client } : {}),
})

const route = { _tag: 'Ssh', address, port: null, user: null, keyFile: null } as const
const connection = await transport.connect(address as HostName, route)()
const script = { text: readFileSync(0, 'utf8'), deadlineMs: 30_000, maxBytes: 1_000_000 }
const result = E.isLeft(connection) ? connection : await connection.right.run(script)()
if (E.isRight(connection)) await connection.right.close()
console.log(JSON.stringify(E.isLeft(result) ? result.left : result.right))
