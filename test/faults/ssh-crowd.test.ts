import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import type { LabHost } from '../lab/host.js'
import { type Lab, upLab } from '../lab/lab.js'
import { whyNoLab } from '../lab/packages.js'
import { output } from '../lab/run.js'
import { sshdLog } from '../lab/sshd.js'

const skip = whyNoLab('hosts')

describe('a crowd of hosts behind one jump host', test => {
  for (const [client, count] of [
    ['ssh2', 200],
    ['openssh', 20],
  ] as const)
    test(
      `is reached over ${client}, ${count} at once, at the limits that sshd has by default and over one connection to the jump host`,
      () =>
        withCrowd(count, async ({ lab, jump, farm, addresses }) => {
          const script = fileURLToPath(new URL('connect-many.js', import.meta.url))
          const said = await output([...lab.enter, process.execPath, script, client, lab.env.HOME, ...addresses], {
            env: { ...process.env, ...lab.env },
          })
          const { failures } = JSON.parse(said)
          assert.equal(failures, [])
          const logins = (host: LabHost) =>
            readFileSync(host.root + sshdLog, 'utf8').split('Accepted publickey').length - 1
          assert.equal([logins(jump), logins(farm)], [1, count])
        }),
      { skip, timeoutMs: 60_000 },
    )
})

type Crowd = Readonly<{ lab: Lab; jump: LabHost; farm: LabHost; addresses: readonly string[] }>

/** One sshd that is many hosts to us, each by an address of its own. */
const withCrowd = async (count: number, body: (crowd: Crowd) => Promise<void>): Promise<void> => {
  const lab = await upLab(['jump', 'farm'])
  try {
    const [jump, farm] = [...lab.hosts.values()] as [LabHost, LabHost]
    const addresses = Array.from({ length: count }, (_, index) => `198.18.200.${index + 1}`)
    const add = addresses.map(address => `addr add ${address}/32 dev eth0\n`).join('')
    const { code, stderr } = await farm.exec(['ip', '-batch', '-'], { stdin: add })
    assert.is(code, 0, stderr)
    const key = readFileSync(`${farm.root}/etc/ssh/ssh_host_ed25519_key.pub`, 'utf8')
    appendFileSync(lab.knownHosts, `198.18.200.* ${key}`)
    writeFileSync(`${lab.env.HOME}/.ssh/config`, `Host 198.18.200.*\n  ProxyJump ${jump.address}\n`)
    await body({ lab, jump, farm, addresses })
  } finally {
    await lab.down()
  }
}
