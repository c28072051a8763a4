/** One transport for a whole inventory: each host is reached the way its route says. */
import { localTransport } from './local.js'
import { type SshOptions, sshTransport } from './ssh.js'
import type { Transport } from './transport.js'

export const transportByRoute = (options: SshOptions): Transport => {
  const ssh = sshTransport(options)
  return {
    connect: (host, route) => {
      switch (route._tag) {
        case 'Local':
          return localTransport.connect(host, route)
        case 'Ssh':
          return ssh.connect(host, route)
      }
    },
  }
}
