import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { steward } from '../helpers/steward.js'
import { atTerminal, withoutScript } from '../helpers/terminal.js'
import { describe } from '../helpers/test.js'
import { withAgent } from '../remote/agent.js'
import { makeKey, type Sshd, withoutSshd, withSshd } from '../remote/sshd.js'

const skip = withoutSshd ?? withoutScript
const slow = { skip, timeoutMs: 120_000 }

/** No look is taken: what matters is who gets in. */
const config = ['ForceCommand echo no shell', 'MaxStartups 100', 'LogLevel VERBOSE']

const canary = 'Canary of 9 birds'

describe('steward at a terminal', test => {
  const once = withSshd(config, async sshd => {
    const args = estate(sshd, 20, lockedKey(sshd))
    const { screen, code } = await atTerminal(args, [['Passphrase for', canary]], envOf(sshd))
    assert.is(code, 4)
    assert.is(screen.match(/Passphrase for/g)?.length, 1, screen)
    assert.is(screen.match(/no shell/g)?.length, 20, screen)
    assert.is(sshd.log().match(/Accepted publickey/g)?.length, 20)
    assert.not.match(screen, canary)
  })
  test('asks once for the passphrase of a key that twenty hosts are reached with', once, slow)

  const second = withSshd(config, async sshd => {
    const args = estate(sshd, 1, lockedKey(sshd))
    const answers = [
      ['Passphrase for', 'wrong'],
      ['Wrong; passphrase for', `x\u007f${canary}`],
    ] as const
    const { screen } = await atTerminal(args, answers, envOf(sshd))
    assert.match(screen, 'no shell')
  })
  test('asks again after a wrong passphrase, and takes back what was rubbed out', second, slow)

  const thrice = withSshd(config, async sshd => {
    const args = estate(sshd, 1, lockedKey(sshd))
    const answers = [
      ['Passphrase for', canary.slice(1)],
      ['Wrong; p', canary.slice(2)],
      ['Wrong; p', '?'],
    ] as const
    const { screen, code } = await atTerminal(args, answers, envOf(sshd))
    assert.is(code, 5)
    assert.match(screen, 'was wrong 3 times')
    assert.match(screen, 'nothing was connected to')
    assert.not.match(sshd.log(), 'Connection from')
  })
  test('gives up after three wrong passphrases, and connects to nothing', thrice, slow)

  const left = withSshd(config, async sshd => {
    const keyFile = lockedKey(sshd)
    const { screen, code } = await atTerminal(estate(sshd, 1, keyFile), [['Passphrase for', '']], envOf(sshd))
    assert.is(code, 4)
    assert.match(screen, `ssh-add ${keyFile}`)
  })
  test('does without a key whose passphrase is not given', left, slow)

  const empty = withSshd(config, async sshd => {
    for (const [option, question] of [
      ['-k', 'SSH password:'],
      ['-K', 'become password:'],
    ] as const) {
      const { screen, code } = await atTerminal([...estate(sshd, 1), option], [[question, '']], envOf(sshd))
      assert.is(code, 5, screen)
      assert.match(screen, `${option} asked for a password and got none`)
    }
    assert.not.match(sshd.log(), 'Connection from')
  })
  test('tries no empty password anywhere', empty, slow)

  const interrupted = withSshd(config, async sshd => {
    const args = estate(sshd, 1, lockedKey(sshd))
    const { code } = await atTerminal(args, [['Passphrase for', '\u0003']], envOf(sshd))
    assert.is(code, 99)
    assert.not.match(sshd.log(), 'Connection from')
  })
  test('is left by Ctrl-C where it asks', interrupted, slow)

  const held = withSshd(
    config,
    withAgent(async (sshd, agentSocket, add) => {
      const keyFile = `${sshd.home}/.ssh/id_ed25519`
      add(keyFile)
      execFileSync('ssh-keygen', ['-q', '-p', '-N', canary, '-f', keyFile])
      const env = { ...envOf(sshd).env, SSH_AUTH_SOCK: agentSocket }
      const { screen } = await atTerminal(estate(sshd, 1, keyFile), [], { env })
      assert.not.match(screen, 'Passphrase')
      assert.match(screen, 'no shell')
    }),
  )
  test('asks for no passphrase of a key that the agent holds', held, slow)

  const usual = withSshd(config, async sshd => {
    makeKey(`${sshd.home}/.ssh/id_ecdsa`, 'ecdsa', canary)
    const { screen } = await atTerminal(estate(sshd, 1), [], envOf(sshd))
    assert.not.match(screen, 'Passphrase')
    assert.match(screen, 'no shell')
  })
  test('asks for none of the usual keys while there is another to log in with', usual, slow)

  const nobody = withSshd(config, async sshd => {
    const keyFile = lockedKey(sshd)
    const said = await steward(estate(sshd, 1, keyFile), envOf(sshd))
    assert.is(said.code, 4)
    assert.match(said.stderr, `ssh-add ${keyFile}`)
    const asked = await steward([...estate(sshd, 1, keyFile), '-k'], { ...envOf(sshd), enter: ['setsid', '-w'] })
    assert.is(asked.code, 5)
    assert.match(asked.stderr, 'no terminal to ask on')
    const { env } = envOf(sshd)
    const unread = await atTerminal(estate(sshd, 1, keyFile), [], {
      env,
      enter: ['sh', '-c', 'exec "$@" </dev/null', 'sh'],
    })
    assert.match(unread.screen, `ssh-add ${keyFile}`)
    const inCi = await atTerminal(estate(sshd, 1, keyFile), [], { env: { ...env, CI: 'true' } })
    assert.match(inCi.screen, `ssh-add ${keyFile}`)
    assert.is(sshd.log().match(/Connection from/g)?.length, 3)
  })
  test('asks nothing where there is no terminal, nobody who reads it, or a CI job', nobody, slow)

  const openssh = withSshd(config, async sshd => {
    const args = [...estate(sshd, 1, lockedKey(sshd)), '--transport', 'openssh']
    const { screen, code } = await atTerminal(args, [], envOf(sshd))
    assert.is(code, 4)
    assert.match(screen, 'ssh-add')
    assert.not.match(screen, 'Passphrase')
    const { stderr, code: refusal } = await steward([...args, '-k'], envOf(sshd))
    assert.is(refusal, 5)
    assert.match(stderr, '-k asks for a password, and OpenSSH is given none')
  })
  test('asks for nothing that OpenSSH would not be given', openssh, slow)

  const recorded = withSshd(config, async sshd => {
    writeFileSync(`${sshd.home}/.ssh/known_hosts`, '')
    const strict = await steward(estate(sshd, 3), envOf(sshd))
    assert.match(strict.stderr, '--host-key accept-new')
    const said = await steward([...estate(sshd, 3), '--host-key', 'accept-new'], envOf(sshd))
    assert.is(said.stderr.match(/new host key: \[h\d\] SHA256:\S+ \(ssh-ed25519\), now known as/g)?.length, 1)
    assert.is(readFileSync(`${sshd.home}/.ssh/known_hosts`, 'utf8').split('\n').length, 2)
    const again = await steward(estate(sshd, 3), envOf(sshd))
    assert.not.match(again.stderr, 'host key')
  })
  test('says which keys were written down', recorded, slow)

  const unhonoured = withSshd(config, async sshd => {
    const args = estate(sshd, 2, null, { ansible_host_key_checking: false, ansible_ssh_host_key_checking: 'True' })
    writeFileSync(`${sshd.home}/.ssh/known_hosts`, '')
    const { stderr } = await steward(args, envOf(sshd))
    assert.is(stderr.match(/hosts\.yml:\d+:\d+: ansible_host_key_checking turns nothing off/g)?.length, 1, stderr)
    assert.not.match(stderr, 'ansible_ssh_host_key_checking')
    assert.match(stderr, 'no key is known for')
  })
  test('says of host_key_checking: False that it turns nothing off', unhonoured, slow)
})

const envOf = ({ home, folder }: Sshd) => ({
  env: { HOME: home, XDG_STATE_HOME: `${folder}/state`, SSH_AUTH_SOCK: '' },
})

/** An encrypted key that logs in. */
const lockedKey = ({ folder, home }: Sshd): string => {
  const keyFile = makeKey(`${folder}/locked`, 'ed25519', canary)
  const both = [`${home}/.ssh/id_ed25519.pub`, `${keyFile}.pub`].map(path => readFileSync(path, 'utf8'))
  writeFileSync(`${folder}/authorized_keys`, both.join(''))
  return keyFile
}

/** The arguments that look at so many hosts, all of them this one sshd. */
const estate = (
  { folder, port }: Sshd,
  hosts: number,
  keyFile: string | null = null,
  more: Readonly<Record<string, unknown>> = {},
): readonly string[] => {
  const names = Array.from({ length: hosts }, (_, i) => [`h${i + 1}`, {}])
  const key = keyFile === null ? {} : { ansible_ssh_private_key_file: keyFile }
  const vars = { ansible_host: '127.0.0.1', ansible_port: port, ...key, ...more }
  writeFileSync(`${folder}/hosts.yml`, JSON.stringify({ all: { vars, hosts: Object.fromEntries(names) } }))
  return ['discover', 'all', '-i', `${folder}/hosts.yml`]
}
