/** A process that logs in to a host on this machine, writes its key down if it is new, and says so. `accepter.js HOME PORT` */
import { fileURLToPath } from 'node:url'
import type { HostName } from '../../lib/model/names.js'
import { sshTransport } from '../../lib/remote/ssh.js'
import { rightOf } from './scripts.js'
import { optionsFor } from './sshd.js'

export const accepter = fileURLToPath(import.meta.url)

const main = async ([home = '', port = '']: readonly string[]): Promise<void> => {
  const onHostKeyRecorded = () => console.log('recorded')
  const transport = sshTransport({ ...optionsFor(home), hostKeys: 'accept-new', onHostKeyRecorded })
  const route = { _tag: 'Ssh', address: '127.0.0.1', port: Number(port), user: null, keyFile: null } as const
  await rightOf(await transport.connect('h' as HostName, route)()).close()
}

if (process.argv[1] === accepter) await main(process.argv.slice(2))
