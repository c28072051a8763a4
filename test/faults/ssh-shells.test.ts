import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import type { LabHost } from '../lab/host.js'
import { type Lab, upLab } from '../lab/lab.js'
import { whyNoLab } from '../lab/packages.js'
import { clients } from './clients.js'

const skip = whyNoLab('hosts')

/** Each a user of one host. `rc`: a file that is read at every login, and is noisy. */
const logins = {
  csh: { shell: '/usr/bin/tcsh', rc: ['.tcshrc', 'echo "noise \\033[31m"; set prompt = "%"'], why: null },
  fish: { shell: '/usr/bin/fish', rc: ['.config/fish/config.fish', 'echo noise; echo more >&2'], why: null },
  ksh: { shell: '/usr/bin/ksh93', rc: ['.profile', 'print noise; set -o noglob'], why: null },
  mksh: { shell: '/bin/mksh', rc: ['.profile', 'print noise'], why: null },
  dash: { shell: '/bin/dash', rc: ['.profile', 'echo noise'], why: null },
  bash: {
    shell: '/bin/bash',
    rc: ['.bashrc', "printf '\\033]0;noise\\007\\033[2J'; echo noise; alias ps=false"],
    why: null,
  },
  rbash: { shell: '/bin/rbash', rc: null, why: 'restricted' },
  // No command of it can be started.
  full: { shell: '/usr/local/bin/full', rc: null, why: 'ork' },
  nologin: { shell: '/usr/sbin/nologin', rc: null, why: 'not available' },
  forced: { shell: '/bin/sh', rc: null, why: 'only this menu' },
} as const

for (const { name } of clients)
  describe(`login shells over ${name}`, test => {
    test(
      'are left for /bin/sh, whatever they are and print; those that are not shells are quoted',
      async () => {
        const lab = await upLab(['one'], {
          hosts: { one: { users: Object.keys(logins), sshd: ['Banner /etc/noisy', 'PrintMotd yes'] } },
        })
        try {
          const [host] = lab.hosts.values()
          if (host === undefined) throw new Error('no host')
          writeFileSync(`${host.root}/usr/local/bin/full`, full, { mode: 0o755 })
          for (const [user, login] of Object.entries(logins)) await prepare(host, user, login)
          writeFileSync(`${host.root}/etc/noisy`, 'BANNER \u001b[2J\n')
          writeFileSync(`${host.root}/etc/motd`, 'motd\n')
          const found = await lookAs(lab, host, name)
          for (const [user, { why }] of Object.entries(logins)) {
            if (why === null) assert.is(found[user], undefined, `${user}: ${found[user]}`)
            else assert.ok(found[user]?.includes(why), `${user}: ${found[user]}`)
          }
        } finally {
          await lab.down()
        }
      },
      { skip },
    )
  })

type Prepared = Readonly<{ shell: string; rc: readonly [string, string] | null; why: string | null }>

/** Its user may have no process more. */
const full = '#!/bin/sh\nexec prlimit --nproc=1 -- /bin/sh "$@"\n'

const prepare = async (host: LabHost, user: string, { shell, rc }: Prepared): Promise<void> => {
  await host.exec(['usermod', '-s', shell, user])
  const home = `/home/${user}`
  if (rc !== null) {
    await host.exec(['sh', '-c', `mkdir -p "$(dirname ${home}/${rc[0]})"; cat > ${home}/${rc[0]}`], {
      stdin: `${rc[1]}\n`,
    })
  }
  if (user !== 'forced') return
  const keys = `${host.root}${home}/.ssh/authorized_keys`
  writeFileSync(keys, `command="echo only this menu" ${readFileSync(keys, 'utf8')}`)
}

/** Why each could not be looked at. */
const lookAs = async (lab: Lab, host: LabHost, client: string): Promise<Readonly<Record<string, string>>> => {
  const inventory = `${lab.folder}/shells.yml`
  writeFileSync(inventory, 'all:\n  hosts:\n')
  for (const user of Object.keys(logins))
    appendFileSync(inventory, `    ${user}: { ansible_host: ${host.address}, ansible_user: ${user} }\n`)
  const args = ['discover', 'all', '-i', inventory, '--json', ...(client === 'openssh' ? ['--transport', client] : [])]
  const said = await steward(args, { enter: lab.enter, env: lab.env })
  assert.is(said.code, 4, said.stderr)
  const { unreachable } = JSON.parse(said.stdout)
  return Array.isArray(unreachable) ? Object.fromEntries(unreachable) : unreachable
}
