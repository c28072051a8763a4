/** One transport for a whole inventory: each host is reached the way its route says. */
import type { SshRoute } from '../model/inventory.js'
import type { Secret } from '../model/secret.js'
import { withBecome } from './become.js'
import { limitsHere } from './limits.js'
import { localTransport } from './local.js'
import { opensshTransport } from './openssh.js'
import { type SshOptions, sshTransport } from './ssh.js'
import type { Transport } from './transport.js'

type Options = SshOptions &
  Readonly<{
    /** For all hosts whose route names none. */
    client?: SshRoute['client']
    /** Given to sudo where it wants one, once a host, unless the inventory has another for it. */
    becomePassword?: Secret | null
  }>

export const transportByRoute = (options: Options): Transport => {
  const limits = limitsHere()
  const ssh = sshTransport(options, limits)
  const openssh = opensshTransport(options, limits)
  const byRoute: Transport = {
    connect: (host, route) => {
      switch (route._tag) {
        case 'Local':
          return localTransport.connect(host, route)
        case 'Ssh':
          return ((route.client ?? options.client) === 'openssh' ? openssh : ssh).connect(host, route)
      }
    },
  }
  return withBecome(byRoute, options.becomePassword ?? null)
}
