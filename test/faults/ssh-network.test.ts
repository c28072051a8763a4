import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import type { LabHost } from '../lab/host.js'
import { type Lab, upLab } from '../lab/lab.js'
import { whyNoLab } from '../lab/packages.js'
import { output } from '../lab/run.js'
import { sshdLog } from '../lab/sshd.js'
import { clients } from './clients.js'

const skip = whyNoLab('hosts')

for (const { name } of clients)
  describe(`a network, and a host on it, under ${name}`, test => {
    test(
      'loses a script when the link goes down, which on the host goes on',
      () =>
        withHost(async (lab, host) => {
          const begun = `${host.root}/tmp/begun`
          const said = runOn(lab, host.address, name, '{ : > /tmp/begun; sleep 6; : > /tmp/ended; exit; }\n')
          while (!existsSync(begun)) await delay(20)
          await output([...lab.enter, 'ip', 'link', 'set', host.link, 'down'])
          const { _tag, why } = await said
          assert.is(_tag, 'Lost')
          assert.match(why, 'no sign of life for 4 s')
          while (!existsSync(`${host.root}/tmp/ended`)) await delay(50)
        }),
      { skip },
    )

    test(
      'gives up at its deadline where nothing comes back',
      () =>
        withHost(async (lab, host) => {
          await output([...lab.enter, 'ip', 'link', 'set', host.link, 'down'])
          // A neighbour that is known does not answer: without this, the kernel says so itself after three seconds.
          await output([...lab.enter, 'ip', 'route', 'add', 'blackhole', '198.18.99.0/24'])
          const dead = await runOn(lab, host.address, name, 'true\n')
          assert.is(dead._tag, 'Unreachable')
          assert.match(dead.why, /did not answer within 2 s|no route/)
          const hole = await runOn(lab, '198.18.99.1', name, 'true\n')
          assert.is(hole._tag, 'Unreachable', hole.why)
        }),
      { skip },
    )

    test(
      'makes no second connection to a host that opens no session on the first',
      () =>
        withHost(
          async (lab, host) => {
            const { _tag, why } = await runOn(lab, host.address, name, 'true\n')
            assert.is(_tag, 'Unreachable')
            assert.match(why, 'MaxSessions')
            assert.is(readFileSync(host.root + sshdLog, 'utf8').split('Connection from').length, 2)
          },
          ['MaxSessions 0'],
        ),
      { skip },
    )

    test(
      'reaches a host by its IPv6 address',
      () =>
        withHost(async (lab, host) => {
          await output([...lab.enter, 'ip', 'addr', 'add', 'fd00::1/64', 'dev', 'bridge', 'nodad'])
          await host.exec(['ip', 'addr', 'add', 'fd00::2/64', 'dev', 'eth0', 'nodad'])
          const key = (await host.exec(['cat', '/etc/ssh/ssh_host_ed25519_key.pub'])).stdout
          await output(['sh', '-c', 'cat >> "$1"', 'sh', lab.knownHosts], { stdin: `fd00::2 ${key}` })
          const { stdout } = await runOn(lab, 'fd00::2', name, 'echo "$SSH_CONNECTION"\n')
          assert.match(stdout, 'fd00::2 22')
        }),
      { skip },
    )
  })

const withHost = async (
  body: (lab: Lab, host: LabHost) => Promise<void>,
  sshd: readonly string[] = [],
): Promise<void> => {
  const lab = await upLab(['one'], { hosts: { one: { sshd } } })
  try {
    const [host] = lab.hosts.values()
    if (host !== undefined) await body(lab, host)
  } finally {
    await lab.down()
  }
}

type Result = Readonly<{ _tag?: string; why: string; stdout: string }>

const runOn = async (lab: Lab, address: string, client: string, script: string): Promise<Result> => {
  const program = fileURLToPath(new URL('lab-script.js', import.meta.url))
  const argv = [...lab.enter, process.execPath, program, client, lab.env.HOME, address]
  return JSON.parse(await output(argv, { stdin: script, env: { ...process.env, ...lab.env } }))
}
