import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { isRight } from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { assertError, rightOf } from './scripts.js'
import { makeKey, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const debug = ['LogLevel DEBUG1']

describe('ssh host keys', test => {
  const unknown = withSshd(debug, async ({ home, folder, port, connect, log, logged }) => {
    writeFileSync(`${home}/.ssh/known_hosts`, '')
    const fingerprint = execFileSync('ssh-keygen', ['-lf', `${folder}/host_key.pub`], { encoding: 'utf8' }).split(
      ' ',
    )[1]
    const words = [`"fingerprint":"${fingerprint}"`, `${home}/.ssh/known_hosts`, `ssh -p ${port} `]
    assertError(await connect(), 'HostKeyRefused', ...words)
    await logged('[preauth]')
    assert.not.match(log(), /userauth|Failed|Accepted/)
  })
  test('refuses an unknown host before it says who would log in', unknown, { skip })

  const changed = withSshd(debug, async ({ home, folder, port, connect, log, logged }) => {
    const other = readFileSync(`${makeKey(`${folder}/other`)}.pub`, 'utf8')
    writeFileSync(`${home}/.ssh/known_hosts`, `# mine\n[127.0.0.1]:${port} ${other}`)
    assertError(await connect(), 'HostKeyRefused', `${home}/.ssh/known_hosts:2`, `ssh-keygen -f ${home}`)
    await logged('[preauth]')
    assert.not.match(log(), /userauth|Failed|Accepted/)
  })
  test('refuses a changed key and names the line that has the old one', changed, { skip })

  const revoked = withSshd([], async ({ home, folder, connect }) => {
    const key = readFileSync(`${folder}/host_key.pub`, 'utf8')
    writeFileSync(`${home}/.ssh/known_hosts`, `${knownHosts(home)}@revoked * ${key}`)
    assertError(await connect(), 'HostKeyRefused', 'known_hosts:2', 'revoked')
  })
  test('refuses a revoked key, known or not', revoked, { skip })

  const hashed = withSshd([], async ({ home, connect }) => {
    execFileSync('ssh-keygen', ['-q', '-H', '-f', `${home}/.ssh/known_hosts`], { stdio: 'ignore' })
    assert.match(knownHosts(home), /^\|1\|/)
    rightOf(await connect())
  })
  test('knows a host by a hashed line', hashed, { skip })

  const second = withSshd([], async ({ home, folder, connect }) => {
    writeFileSync(`${folder}/system`, knownHosts(home))
    rightOf(await connect({ knownHostsFiles: [`${folder}/missing`, `${folder}/system`] }))
  })
  test('knows a host by any of its files, and bears a missing one', second, { skip })

  const rsa = withSshd([], async ({ home, folder, port, connect }) => {
    const known = readFileSync(`${makeKey(`${folder}/rsa`, 'rsa')}.pub`, 'utf8')
    writeFileSync(`${home}/.ssh/known_hosts`, `[127.0.0.1]:${port} ${known}`)
    assertError(await connect(), 'HostKeyRefused', 'known_hosts:1')
  })
  test('calls it changed when the only known key is of a type the host does not have', rsa, { skip })

  for (const type of ['rsa', 'ecdsa']) {
    const config = (folder: string) => [`HostKey ${makeKey(`${folder}/second`, type)}`]
    const asked = withSshd(config, async ({ home, folder, port, connect }) => {
      const second = readFileSync(`${folder}/second.pub`, 'utf8')
      writeFileSync(`${home}/.ssh/known_hosts`, `[127.0.0.1]:${port} ${second}`)
      rightOf(await connect())
    })
    test(`asks for the type of key the host is known by: ${type}`, asked, { skip })
  }

  const signed = (folder: string) => {
    const sign = [
      '-q',
      '-s',
      makeKey(`${folder}/authority`),
      '-I',
      'h',
      '-h',
      '-n',
      '127.0.0.1',
      `${folder}/host_key.pub`,
    ]
    execFileSync('ssh-keygen', sign)
    return [`HostCertificate ${folder}/host_key-cert.pub`, ...debug]
  }
  const certified = withSshd(signed, async sshd => {
    const { home, folder, log, logged } = sshd
    const authority = readFileSync(`${folder}/authority.pub`, 'utf8')
    writeFileSync(`${home}/.ssh/known_hosts`, `# signed\n@cert-authority 127.0.0.* ${authority}`)
    rightOf(await sshd.connect({ client: 'openssh', hostKeys: 'accept-new' }))
    await logged('Accepted publickey')
    for (const hostKeys of ['strict', 'accept-new'] as const) {
      const words = ['known_hosts:2', '--transport openssh', 'ansible_connection: ssh-cli']
      assertError(await sshd.connect({ hostKeys }), 'HostKeyRefused', ...words)
    }
    assert.is(log().split('Accepted publickey').length, 2)
    assert.not.match(knownHosts(home), readFileSync(`${folder}/host_key.pub`, 'utf8').split(' ')[1] ?? '')
  })
  test('names the transport that checks the certificate of a host of which only an authority is known', certified, {
    skip,
  })

  const agrees = withSshd([], async sshd => {
    const own = readFileSync(`${sshd.folder}/host_key.pub`, 'utf8')
    const other = readFileSync(`${makeKey(`${sshd.folder}/other`)}.pub`, 'utf8')
    const rsaKey = readFileSync(`${makeKey(`${sshd.folder}/rsa`, 'rsa')}.pub`, 'utf8')
    const name = `[127.0.0.1]:${sshd.port}`
    for (const [text, isGood] of [
      [`${name} ${own}`, true],
      [`127.0.0.1 ${own}`, true],
      [`127.0.0.1 ${other}`, false],
      [`* ${own}`, true],
      [`[127.0.0.*]:${sshd.port} ${own}`, true],
      [`127.0.0.? ${own}`, true],
      [`*,!${name} ${own}`, true],
      [`*,!${name},!127.0.0.1 ${own}`, false],
      [`${name} ${other}127.0.0.1 ${own}`, false],
      [`${name} ${other}${name} ${own}`, true],
      [`${name} ${rsaKey}`, false],
      [`${name} ${rsaKey}${name} ${own}`, true],
      [`@revoked * ${own}${name} ${own}`, false],
      [`@revoked 127.0.0.1 ${own}${name} ${own}`, true],
      [`@cert-authority * ${own}`, false],
      [`@unheard-of * ${own}`, false],
    ] as const) {
      writeFileSync(`${sshd.home}/.ssh/known_hosts`, text)
      assert.is(sshAccepts(sshd), isGood, `ssh: ${text}`)
      assert.is(isRight(await sshd.connect()), isGood, text)
    }
  })
  test('accepts a host exactly when ssh does', agrees, { skip })
})

const knownHosts = (home: string) => readFileSync(`${home}/.ssh/known_hosts`, 'utf8')

const sshAccepts = ({ home, port }: Sshd): boolean => {
  const options = { BatchMode: 'yes', StrictHostKeyChecking: 'yes', GlobalKnownHostsFile: '/dev/null' }
  const files = { UserKnownHostsFile: `${home}/.ssh/known_hosts`, IdentityFile: `${home}/.ssh/id_ed25519` }
  const flags = Object.entries({ ...options, ...files }).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  return spawnSync('ssh', ['-F', 'none', ...flags, '-p', `${port}`, '127.0.0.1', 'true']).status === 0
}
