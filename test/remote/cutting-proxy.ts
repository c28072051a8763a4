/** A TCP proxy that passes so many bytes of what the server says and then cuts the line. */
import { connect, createServer } from 'node:net'
import type { Duplex } from 'node:stream'

/** `server` is a port of this machine, or whatever else opens a line to a server. */
export const withCuttingProxy = async (
  server: number | (() => Duplex),
  bytes: number,
  cut: 'end' | 'reset',
  body: (port: number) => Promise<void>,
): Promise<void> => {
  const sockets: Duplex[] = []
  const open = typeof server === 'number' ? () => connect(server, '127.0.0.1') : server
  const proxy = createServer(client => {
    const line = open()
    sockets.push(client, line)
    let left = bytes
    client.pipe(line)
    client.on('error', () => line.destroy())
    line.on('error', () => client.destroy())
    line.on('data', (chunk: Buffer) => {
      client.write(chunk.subarray(0, left))
      left = Math.max(0, left - chunk.length)
      if (left > 0) return
      line.destroy()
      if (cut === 'reset') client.resetAndDestroy()
      else client.end()
    })
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
