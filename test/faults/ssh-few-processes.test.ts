import { chownSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { inFolder } from '../helpers/folder.js'
import { type Said, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { type Sshd, withSshd } from '../remote/sshd.js'

const skip = whyNoLab('hosts')

/** A user whom the limit binds, as it does not bind root; who may read what the test has laid for root all the same. */
const nobody = 65534
const reads = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search']
const asNobody = ['setpriv', `--reuid=${nobody}`, '--clear-groups', ...reads]

const hosts = Array.from({ length: 20 }, (_, index) => `h${index}`)

const discoverWith = ({ home, port, user }: Sshd, processes: number, connection: string): Promise<Said> =>
  inFolder(async folder => {
    chownSync(folder, nobody, nobody)
    const reach = `ansible_user: ${user}, ansible_port: ${port}, ansible_connection: ${connection}`
    const key = `ansible_ssh_private_key_file: ${home}/.ssh/id_ed25519`
    const lines = hosts.map(host => `    ${host}: { ansible_host: 127.0.0.1 }\n`).join('')
    writeFileSync(`${folder}/hosts.yml`, `all:\n  vars: { ${reach}, ${key} }\n  hosts:\n${lines}`)
    const args = ['discover', ...hosts, '-i', `${folder}/hosts.yml`, '--json']
    return steward(args, {
      enter: ['prlimit', `--nproc=${processes}`, ...asNobody],
      env: { HOME: home, SSH_AUTH_SOCK: '', TMPDIR: folder },
    })
  })

describe('a process that may have few others', test => {
  test(
    'says so of each host that needs one, and looks at those that need none',
    withSshd(['MaxStartups 1000'], async sshd => {
      // As many as Node itself needs: its threads count too, and are more on a machine of more processors.
      let processes = 6
      let said = await discoverWith(sshd, processes, 'ssh-cli')
      while (said.stdout === '' && processes < 60) {
        processes += 1
        said = await discoverWith(sshd, processes, 'ssh-cli')
      }
      assert.is(said.code, 4, said.stderr)
      const unreachable: Readonly<Record<string, string>> = JSON.parse(said.stdout).unreachable
      assert.equal(Object.keys(unreachable).sort(), hosts.toSorted())
      assert.equal(
        new Set(Object.values(unreachable)),
        new Set(['ssh could not be started here: no process is left (ulimit -u)']),
      )
      const without = await discoverWith(sshd, processes, 'ssh')
      assert.equal([without.code, JSON.parse(without.stdout).unreachable], [0, {}], without.stderr)
    }),
    { skip, timeoutMs: 60_000 },
  )
})
