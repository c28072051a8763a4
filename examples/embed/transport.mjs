// Hosts that are reached by a program instead of SSH: node transport.mjs docker exec -i {} /bin/sh
// {} stands for the host's name; the program has to lead to a POSIX shell that reads its commands from stdin.
import { fileURLToPath } from 'node:url'
import { printable, shellTransport, status } from 'steward'

const beside = name => fileURLToPath(new URL(name, import.meta.url))
const command = process.argv.slice(2)
const transport = shellTransport(host => command.map(word => word.replaceAll('{}', host)))

const input = { catalogs: beside('catalog.yml'), inventory: beside('hosts.yml'), playbookDir: beside('.') }
for (const { host, service, verdict, unreachable } of await status(input, { transport })) {
  console.log(printable(`${service}@${host}: ${verdict?._tag ?? unreachable}`))
}
