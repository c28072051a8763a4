/** A process of its own in a lab's network: a TCP proxy that keeps all it passes for a while. It ends with its stdin. */
import { connect, createServer, type Socket } from 'node:net'

const [address = '', delay = ''] = process.argv.slice(2)

const pass = (from: Socket, to: Socket): void => {
  from.on('data', chunk => setTimeout(() => to.write(chunk), Number(delay)))
  from.on('end', () => setTimeout(() => to.end(), Number(delay)))
  from.on('error', () => to.destroy())
}

const server = createServer(client => {
  const host = connect(22, address)
  pass(client, host)
  pass(host, client)
})
server.listen(0, () => {
  const place = server.address()
  console.log(place !== null && typeof place === 'object' ? place.port : '')
})
process.stdin.on('end', () => process.exit()).resume()
