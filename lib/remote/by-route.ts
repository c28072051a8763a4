/** One transport for a whole inventory: each host is reached the way its route says. */
import type { SshRoute } from '../model/inventory.js'
import type { Secret } from '../model/secret.js'
import { withBecome } from './become.js'
import { limitsHere } from './limits.js'
import { localTransport } from './local.js'
import type { SshOptions } from './ssh.js'
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
  const ssh = once(async () => (await import('./ssh.js')).sshTransport(options, limits))
  const openssh = once(async () => (await import('./openssh.js')).opensshTransport(options, limits))
  const byRoute: Transport = {
    connect: (host, route) => {
      switch (route._tag) {
        case 'Local':
          return localTransport.connect(host, route)
        case 'Ssh': {
          const over = (route.client ?? options.client) === 'openssh' ? openssh : ssh
          return async () => (await over()).connect(host, route)()
        }
      }
    },
  }
  return withBecome(byRoute, options.becomePassword ?? null)
}

/** Loaded with the first host that is reached so: where all is on this machine, SSH is not needed. */
const once = <A>(load: () => Promise<A>): (() => Promise<A>) => {
  let loaded: Promise<A> | null = null
  return () => {
    loaded ??= load()
    return loaded
  }
}
