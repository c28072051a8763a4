/** One transport for a whole inventory: each host is reached the way its route says. */
import type { SshRoute } from '../model/inventory.js'
import { limitsHere } from './limits.js'
import { localTransport } from './local.js'
import { opensshTransport } from './openssh.js'
import { type SshOptions, sshTransport } from './ssh.js'
import type { Transport } from './transport.js'

/** `client` counts for all hosts whose route names none. */
export const transportByRoute = (options: SshOptions & Readonly<{ client?: SshRoute['client'] }>): Transport => {
  const limits = limitsHere()
  const ssh = sshTransport(options, limits)
  const openssh = opensshTransport(options, limits)
  return {
    connect: (host, route) => {
      switch (route._tag) {
        case 'Local':
          return localTransport.connect(host, route)
        case 'Ssh':
          return ((route.client ?? options.client) === 'openssh' ? openssh : ssh).connect(host, route)
      }
    },
  }
}
