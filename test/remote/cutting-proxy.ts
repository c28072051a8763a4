/** A TCP proxy that passes so many bytes of what the server says and then cuts the line. */
import { connect, createServer, type Socket } from 'node:net'

export const withCuttingProxy = async (
  serverPort: number,
  bytes: number,
  cut: 'end' | 'reset',
  body: (port: number) => Promise<void>,
): Promise<void> => {
  const sockets: Socket[] = []
  const proxy = createServer(client => {
    const server = connect(serverPort, '127.0.0.1')
    sockets.push(client, server)
    let left = bytes
    client.pipe(server)
    client.on('error', () => server.destroy())
    server.on('error', () => client.destroy())
    server.on('data', chunk => {
      client.write(chunk.subarray(0, left))
      left = Math.max(0, left - chunk.length)
      if (left > 0) return
      server.destroy()
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
