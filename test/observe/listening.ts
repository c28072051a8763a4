/** Sockets of this very process that listen while a test runs. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

export const whileListening = async (address: string, body: (port: number) => Promise<void>): Promise<void> => {
  const server = createServer()
  try {
    await once(server.listen(0, address), 'listening')
    await body((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
}
