import { writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { inFolder } from '../helpers/folder.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { withoutSshd, withSshd } from '../remote/sshd.js'
import { clients } from './clients.js'

describe('a process that may open few files', test => {
  for (const { name } of clients) {
    // Fewer than 80, and Node could not even load the program.
    const [count, files] = name === 'ssh2' ? [40, 80] : [20, 80]
    test(
      `looks at more hosts than that over ${name}, some after the others`,
      withSshd(['MaxStartups 1000'], ({ home, port }) =>
        inFolder(async folder => {
          const hosts = Array.from({ length: count }, (_, index) => `h${index}`)
          writeFileSync(
            `${folder}/hosts.yml`,
            `all:\n  vars: { ansible_port: ${port}, ansible_connection: ${name === 'ssh2' ? 'ssh' : 'ssh-cli'} }\n  hosts:\n` +
              hosts.map(host => `    ${host}: { ansible_host: 127.0.0.1 }\n`).join(''),
          )
          const args = ['discover', ...hosts, '-i', `${folder}/hosts.yml`, '-f', '40', '--json']
          const said = await steward(args, {
            enter: ['prlimit', `--nofile=${files}`],
            env: { HOME: home, SSH_AUTH_SOCK: '' },
          })
          assert.is(said.code, 0, said.stderr.slice(0, 1000))
          assert.is(Object.keys(JSON.parse(said.stdout).unreachable).length, 0)
        }),
      ),
      { skip: withoutSshd, timeoutMs: 60_000 },
    )
  }
})
