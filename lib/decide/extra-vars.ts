/** Variables of the command line, which win over all others on every host. */
import type { Host, Inventory } from '../model/inventory.js'
import type { Variables } from '../model/template.js'

/** They are every host's, also for how it is reached. */
export const withExtraVars = (inventory: Inventory, extra: Variables): Inventory =>
  extra.size === 0
    ? inventory
    : {
        ...inventory,
        extra,
        hosts: onEach(inventory.hosts, extra),
        ...(inventory.localhost === undefined ? {} : { localhost: onEach(inventory.localhost, extra) }),
      }

const onEach = <Name>(hosts: ReadonlyMap<Name, Host>, extra: Variables): ReadonlyMap<Name, Host> =>
  new Map([...hosts].map(([name, host]) => [name, withMore(host, extra)]))

/** Put together when it is asked for: there may be many hosts. */
const withMore = (host: Host, extra: Variables): Host => {
  let made: Variables | null = null
  return {
    name: host.name,
    at: host.at,
    get variables() {
      made ??= new Map([...host.variables, ...extra])
      return made
    },
  }
}
