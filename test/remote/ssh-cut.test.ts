import { readFileSync, writeFileSync } from 'node:fs'
import { isRight } from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { sshTransport } from '../../lib/remote/ssh.js'
import { describe } from '../helpers/test.js'
import { withCuttingProxy } from './cutting-proxy.js'
import { leftOf, scriptOf } from './scripts.js'
import { optionsFor, type Sshd, withoutSshd, withSshd } from './sshd.js'

describe('a connection that is cut', test => {
  for (const cut of ['end', 'reset'] as const) {
    const everywhere = withSshd(['MaxStartups 1000'], async sshd => {
      const places = Array.from({ length: 40 }, (_, index) => 100 * (index + 1))
      const outcomes = new Set(await Promise.all(places.map(bytes => outcomeOf(sshd, bytes, cut))))
      assert.equal([...outcomes].sort(), ['Lost', 'Unreachable', 'whole'])
    })
    test(`never passes for a whole answer, wherever the ${cut} comes`, everywhere, { skip: withoutSshd })
  }
})

const outcomeOf = async ({ home, port }: Sshd, bytes: number, cut: 'end' | 'reset'): Promise<string> => {
  let outcome = ''
  await withCuttingProxy(port, bytes, cut, async proxyPort => {
    const knownHosts = `${home}/.ssh/known_hosts_${proxyPort}`
    writeFileSync(knownHosts, readFileSync(`${home}/.ssh/known_hosts`, 'utf8').replace(`:${port}`, `:${proxyPort}`))
    const route = { _tag: 'Ssh', address: '127.0.0.1', port: proxyPort, user: null, keyFile: null } as const
    const transport = sshTransport({ ...optionsFor(home), knownHostsFiles: [knownHosts], connectTimeoutMs: 1000 })
    const connection = await transport.connect('h' as HostName, route)()
    if (!isRight(connection)) {
      outcome = leftOf(connection)._tag
      return
    }
    const output = await connection.right.run(scriptOf(`printf '%1000s' end; exit 5\n`))()
    await connection.right.close()
    if (!isRight(output)) outcome = leftOf(output)._tag
    else outcome = output.right.stdout.length === 1000 && output.right.code === 5 ? 'whole' : 'cut short'
  })
  return outcome
}
