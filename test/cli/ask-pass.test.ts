import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { steward } from '../helpers/steward.js'
import { atTerminal, withoutScript } from '../helpers/terminal.js'
import { describe } from '../helpers/test.js'
import { type Lab, upLab } from '../lab/lab.js'
import { whyNoLab } from '../lab/packages.js'
import { sshdLog } from '../lab/sshd.js'

const slow = { skip: whyNoLab('hosts') ?? withoutScript, timeoutMs: 120_000 }
const canary = 'Canary of 9 birds'

describe('a password for real hosts', test => {
  test(
    'is asked for once, logs in to those that take it, and shows nowhere',
    () =>
      withHosts(['ForceCommand sleep 5; echo no shell'], async (lab, args) => {
        const looking = atTerminal(['discover', 'all', ...args, '-k'], [['SSH password:', canary]], inLab(lab))
        while (!logOf(lab, 'h1').includes('Accepted password') || !logOf(lab, 'h2').includes('Accepted password'))
          await delay(50)
        const processes = argumentsAndEnvironments()
        assert.ok(processes.some(text => text.includes('discover\0all')))
        assert.not.ok(processes.some(text => text.includes(canary)))
        const { screen } = await looking
        assert.is(screen.match(/SSH password/g)?.length, 1)
        assert.is(screen.match(/no shell/g)?.length, 2, screen)
        assert.not.match(screen, canary)
        assert.not.match(logOf(lab, 'h1') + logOf(lab, 'h2'), canary)
      }),
    slow,
  )

  test(
    'is tried once at each host when it is wrong, and in no journal',
    () =>
      withHosts([], async (lab, args) => {
        const { screen, code } = await atTerminal(
          ['run', `${lab.folder}/play.yml`, ...args, '--ask-pass'],
          [['SSH password:', canary.toLowerCase()]],
          inLab(lab),
        )
        assert.is(code, 4, screen)
        for (const name of ['h1', 'h2']) {
          assert.is(logOf(lab, name).match(/Failed password/g)?.length, 1, logOf(lab, name))
          assert.is(logOf(lab, name).match(/Connection from/g)?.length, 1)
        }
        const runs = `${lab.env.HOME}/state/steward/runs`
        const journals = readdirSync(runs).map(name => readFileSync(`${runs}/${name}`, 'utf8'))
        assert.match(journals.join(), '"ask-pass":true')
        assert.not.match(screen + journals.join(), new RegExp(canary, 'i'))
      }),
    slow,
  )

  test(
    'may stand in the inventory, and is not asked for otherwise',
    () =>
      withHosts(['ForceCommand echo no shell'], async (lab, args) => {
        const refused = await steward(['discover', 'all', ...args], inLab(lab))
        assert.match(refused.stderr, 'it takes password and no keys: --ask-pass asks for a password')
        const text = readFileSync(lab.inventory, 'utf8')
        writeFileSync(lab.inventory, `${text}\n  vars: { ansible_ssh_pass: "${canary}" }\n`)
        const { stdout, stderr } = await steward(['discover', 'all', ...args], inLab(lab))
        assert.is(stderr.match(/no shell/g)?.length, 2, stderr)
        assert.not.match(stdout + stderr, canary)
        const untold = await steward(['discover', 'all', ...args, '--transport', 'openssh'], inLab(lab))
        assert.is(untold.stderr.match(/a password is given to the built-in client alone/g)?.length, 2, untold.stderr)
        assert.not.match(untold.stdout + untold.stderr, canary)
      }),
    slow,
  )
})

/** Two hosts that take a password and no key, from a user who has one. */
const withHosts = async (sshd: readonly string[], use: (lab: Lab, args: readonly string[]) => Promise<void>) => {
  const host = { sshd: ['PasswordAuthentication yes', 'PubkeyAuthentication no', ...sshd], users: ['ops'] }
  const lab = await upLab(['h1', 'h2'], { hosts: { h1: host, h2: host } })
  try {
    for (const { exec } of lab.hosts.values()) await exec(['chpasswd'], { stdin: `ops:${canary}\n` })
    writeFileSync(
      lab.inventory,
      readFileSync(lab.inventory, 'utf8').replaceAll('ansible_user: root', 'ansible_user: ops'),
    )
    const service = '{ hosts: all, processes: { p: { args: [never-there] } }, script: /bin/never }'
    writeFileSync(`${lab.folder}/catalog.yml`, `services: { a: ${service}, b: ${service} }\n`)
    const play = `- { hosts: all, catalog: catalog.yml, services: { a: running, b: running } }\n`
    writeFileSync(`${lab.folder}/play.yml`, `${play}${play}`)
    await use(lab, ['-i', lab.inventory])
  } finally {
    await lab.down()
  }
}

const inLab = (lab: Lab) => ({
  enter: lab.enter,
  env: { ...lab.env, XDG_STATE_HOME: `${lab.env.HOME}/state`, SSH_AUTH_SOCK: '' },
})

const logOf = (lab: Lab, name: string): string => readFileSync(`${lab.hosts.get(name)?.root}${sshdLog}`, 'utf8')

const argumentsAndEnvironments = (): readonly string[] =>
  readdirSync('/proc')
    .filter(pid => /^\d+$/.test(pid))
    .flatMap(pid => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
    .map(path => {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        return ''
      }
    })
