import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import { underFileLock } from '../../lib/remote/file-lock.js'
import { type RecordedKey, type SshOptions, sshTransport } from '../../lib/remote/ssh.js'
import { clients } from '../faults/clients.js'
import { endWithUs } from '../helpers/children.js'
import { describe } from '../helpers/test.js'
import { accepter } from './accepter.js'
import { impostor } from './impostor.js'
import { assertError, leftOf, rightOf } from './scripts.js'
import { makeKey, optionsFor, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const debug = ['LogLevel DEBUG1']

for (const { name, with: over } of clients) {
  describe(`ssh host keys that are new, over ${name}`, test => {
    const acceptNew = (sshd: Sshd, more: Partial<SshOptions> = {}) =>
      sshd.connect({ hostKeys: 'accept-new', ...over, ...more })

    const recorded = withSshd([], async sshd => {
      rmSync(`${sshd.home}/.ssh/known_hosts`)
      const told: RecordedKey[] = []
      rightOf(await acceptNew(sshd, { onHostKeyRecorded: (_host, key) => told.push(key) }))
      assert.is(knownHosts(sshd), `[127.0.0.1]:${sshd.port} ${hostKey(sshd)}\n`)
      const file = `${sshd.home}/.ssh/known_hosts`
      const name = `[127.0.0.1]:${sshd.port}`
      assert.equal(told, [{ file, name, keyType: 'ssh-ed25519', fingerprint: fingerprint(sshd) }])
      rightOf(await sshd.connect(over))
      rightOf(await acceptNew(sshd, { onHostKeyRecorded: (_host, key) => told.push(key) }))
      assert.is(told.length, 1)
      assert.is(spawnSync('ssh-keygen', ['-F', name, '-f', file]).status, 0)
    })
    test('are written down where it is asked for, told, and known from then on', recorded, { skip })

    const race = withSshd(['MaxStartups 200'], async sshd => {
      rmSync(`${sshd.home}/.ssh/known_hosts`)
      const told: RecordedKey[] = []
      const onHostKeyRecorded = (_host: HostName, key: RecordedKey) => told.push(key)
      const connections = Array.from({ length: 20 }, () => acceptNew(sshd, { onHostKeyRecorded }))
      for (const connection of await Promise.all(connections)) rightOf(connection)
      assert.is(knownHosts(sshd), `[127.0.0.1]:${sshd.port} ${hostKey(sshd)}\n`)
      assert.is(told.length, 1)
    })
    test('are written down once by twenty connections at once', race, { skip })

    const changed = withSshd(debug, async sshd => {
      const other = readFileSync(`${makeKey(`${sshd.folder}/other`)}.pub`, 'utf8')
      const text = `# mine\n[127.0.0.1]:${sshd.port} ${other}`
      writeFileSync(`${sshd.home}/.ssh/known_hosts`, text)
      const refused = await acceptNew(sshd)
      const { why = '' } = leftOf(refused) as { why?: string }
      assertError(refused, 'HostKeyRefused', fingerprint(sshd), fingerprint(sshd, 'other'), '/.ssh/known_hosts:2')
      assert.is(knownHosts(sshd), text)
      await sshd.logged('[preauth]')
      assert.not.match(sshd.log(), /userauth|Failed|Accepted/)

      const wayOut = /ssh-keygen -f .*$/.exec(why)?.[0] ?? ''
      execFileSync('sh', ['-c', wayOut], { stdio: 'ignore' })
      rightOf(await acceptNew(sshd))
    })
    test('are none when another key is known: both are shown, and the way out', changed, { skip })

    const otherType = withSshd(debug, async sshd => {
      const text = `[127.0.0.1]:${sshd.port} ${ecdsa}\n`
      writeFileSync(`${sshd.home}/.ssh/known_hosts`, text)
      for (const hostKeys of ['strict', 'accept-new'] as const)
        assertError(await sshd.connect({ ...over, hostKeys }), 'HostKeyRefused', 'another key than SHA256:')
      assert.is(knownHosts(sshd), text)
      await sshd.logged('[preauth]')
      assert.not.match(sshd.log(), /userauth|Failed|Accepted/)
    })
    test('are none when a key of another type is known', otherType, { skip })

    const revoked = withSshd([], async sshd => {
      writeFileSync(`${sshd.home}/.ssh/known_hosts`, '')
      writeFileSync(`${sshd.folder}/system`, `@revoked * ${hostKey(sshd)}\n`)
      const knownHostsFiles = [`${sshd.home}/.ssh/known_hosts`, `${sshd.folder}/system`]
      assertError(await acceptNew(sshd, { knownHostsFiles }), 'HostKeyRefused', 'revoked', `${sshd.folder}/system:1`)
      assert.is(knownHosts(sshd), '')
    })
    test('are none when they are revoked, in whichever file', revoked, { skip })

    const nowhere = withSshd(debug, async sshd => {
      const system = `${sshd.folder}/system`
      writeFileSync(system, '# of all users\n')
      const connect = () => withoutOwnFile(sshd, system, { ...over, hostKeys: 'accept-new' })
      assertError(await connect(), 'HostKeyRefused', 'there is no file of yours')
      assert.is(readFileSync(system, 'utf8'), '# of all users\n')
      if (name === 'ssh2') assert.not.match(sshd.log(), /userauth-request|Accepted/)
      writeFileSync(system, `[127.0.0.1]:${sshd.port} ${hostKey(sshd)}\n`)
      await rightOf(await connect()).close()
    })
    test('are written into no file of the system', nowhere, { skip })

    const nofiles = withSshd([], async sshd => {
      for (const [hostKeys, words] of [
        ['strict', 'in any file, as none is named'],
        ['accept-new', 'there is no file of yours'],
      ] as const)
        assertError(await withoutOwnFile(sshd, 'none', { ...over, hostKeys }), 'HostKeyRefused', words)
    })
    test('are refused where ssh_config names no files at all', nofiles, { skip })
  })
}

describe('ssh host keys that are new', test => {
  const fresh = withSshd([], async sshd => {
    mkdirSync(`${sshd.folder}/new`)
    const file = `${sshd.folder}/new/.ssh/known_hosts`
    rightOf(await acceptNew(sshd, { knownHostsFiles: [file] }))
    assert.is(statSync(`${sshd.folder}/new/.ssh`).mode & 0o777, 0o700)
    assert.is(statSync(file).mode & 0o777, 0o600)
    assert.equal(readdirSync(`${sshd.folder}/new/.ssh`), ['known_hosts'])
  })
  test('are written into files of their user alone', fresh, { skip })

  const cut = withSshd([], async sshd => {
    writeFileSync(`${sshd.home}/.ssh/known_hosts`, '# mine')
    rightOf(await acceptNew(sshd))
    assert.is(knownHosts(sshd), `# mine\n[127.0.0.1]:${sshd.port} ${hostKey(sshd)}\n`)
  })
  test('are written below a last line that has no end', cut, { skip })

  const processes = withSshd(['MaxStartups 200', ...debug], async sshd => {
    rmSync(`${sshd.home}/.ssh/known_hosts`)
    const lock = `${sshd.home}/.ssh/known_hosts.steward-lock`
    const saying = await underFileLock(lock, 0, async () => {
      const processes = Array.from({ length: 4 }, () => otherProcess(sshd))
      // By then all of them have seen that there is no such file.
      await sshd.logged('SSH2_MSG_NEWKEYS received', 4)
      return { processes }
    })
    if (E.isLeft(saying)) throw new Error(saying.left)
    const told = await Promise.all(saying.right.processes)
    assert.is(knownHosts(sshd), `[127.0.0.1]:${sshd.port} ${hostKey(sshd)}\n`)
    assert.is(told.join(''), 'recorded\n')
    assert.equal(readdirSync(`${sshd.home}/.ssh`).sort(), ['id_ed25519', 'id_ed25519.pub', 'known_hosts'])
  })
  test('are written down once by several processes at once', processes, { skip })

  for (const [title, line, words] of [
    ['of a type that nobody knows', (name: string) => `${name} ssh-future AAAA`, 'known_hosts:1 names it'],
    ['that is cut', (name: string) => `@revoked ${name} ssh-ed25519 AAAA`, 'known_hosts:1 names it'],
    ['of an authority', (name: string) => `@cert-authority ${name} ${ecdsa}`, '--transport openssh'],
  ] as const) {
    const refused = withSshd(debug, async sshd => {
      const text = `${line(`[127.0.0.1]:${sshd.port}`)}\n`
      writeFileSync(`${sshd.home}/.ssh/known_hosts`, text)
      assertError(await acceptNew(sshd), 'HostKeyRefused', words)
      for (const { with: over } of clients) assertError(await sshd.connect(over), 'HostKeyRefused', words)
      assert.is(knownHosts(sshd), text)
      await sshd.logged('[preauth]')
      assert.not.match(sshd.log(), /userauth|Failed|Accepted/)
    })
    test(`are none when a key is known ${title}`, refused, { skip })
  }

  const unread = withSshd([], async sshd => {
    writeFileSync(`${sshd.home}/.ssh/known_hosts`, '')
    mkdirSync(`${sshd.folder}/system`)
    const knownHostsFiles = [`${sshd.home}/.ssh/known_hosts`, `${sshd.folder}/system`]
    assertError(await acceptNew(sshd, { knownHostsFiles }), 'HostKeyRefused', `${sshd.folder}/system cannot be read`)
    assert.is(knownHosts(sshd), '')
  })
  test('are none while a file cannot be read', unread, { skip })

  const unwritable = withSshd(debug, async sshd => {
    rmSync(`${sshd.home}/.ssh/known_hosts`)
    symlinkSync(`${sshd.folder}/none/known_hosts`, `${sshd.home}/.ssh/known_hosts`)
    assertError(await acceptNew(sshd), 'HostKeyRefused', 'cannot be written down', 'known_hosts')
    await sshd.logged('[preauth]')
    assert.not.match(sshd.log(), /userauth-request|Accepted/)
  })
  test('are refused where they cannot be written down', unwritable, { skip })

  const stolen = withSshd([], async sshd => {
    rmSync(`${sshd.home}/.ssh/known_hosts`)
    const own = readFileSync(makeKey(`${sshd.folder}/own`), 'utf8')
    const server = impostor(readFileSync(`${sshd.folder}/host_key.pub`, 'utf8'), own)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as { port: number }
      const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile: null } as const
      const transport = sshTransport({ ...optionsFor(sshd.home), hostKeys: 'accept-new' })
      assertError(await transport.connect('h' as HostName, route)(), 'Unreachable', 'signature')
      // Would have been written after the impostor's.
      await rightOf(await transport.connect('h' as HostName, { ...route, port: sshd.port })()).close()
      assert.is(knownHosts(sshd), `[127.0.0.1]:${sshd.port} ${hostKey(sshd)}\n`)
    } finally {
      server.close()
    }
  })
  test('are not written down for a host that shows a key and does not hold it', stolen, { skip })
})

const acceptNew = (sshd: Sshd, more: Parameters<Sshd['connect']>[0] = {}) =>
  sshd.connect({ hostKeys: 'accept-new', ...more })

/** Connects as somebody whose ssh_config names this file of the system alone. */
const withoutOwnFile = ({ home, port }: Sshd, system: string, more: Parameters<Sshd['connect']>[0]) => {
  writeFileSync(`${home}/.ssh/config`, `UserKnownHostsFile none\nGlobalKnownHostsFile ${system}\n`)
  const { knownHostsFiles: _, ...options } = optionsFor(home)
  const route = { _tag: 'Ssh', address: '127.0.0.1', port, user: null, keyFile: null } as const
  return transportByRoute({ ...options, ...more }).connect('h' as HostName, route)()
}

/** What it says: that it wrote the key down, or nothing. */
const otherProcess = ({ home, port }: Sshd): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [accepter, home, `${port}`], { stdio: ['ignore', 'pipe', 'inherit'] })
    endWithUs(child)
    let said = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      said += text
    })
    child.on('close', code => (code === 0 ? resolve(said) : reject(new Error(`it ended with ${code}`))))
  })

const knownHosts = ({ home }: Sshd): string => readFileSync(`${home}/.ssh/known_hosts`, 'utf8')

/** As a line of known_hosts has it, without the comment. */
const hostKey = ({ folder }: Sshd): string =>
  readFileSync(`${folder}/host_key.pub`, 'utf8').split(' ').slice(0, 2).join(' ')

const fingerprint = ({ folder }: Sshd, key = 'host_key'): string =>
  execFileSync('ssh-keygen', ['-lf', `${folder}/${key}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? ''

const ecdsa =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMQUA2qY95Me2XqVzhwHBuoBsBoeMIcJRctj0D/rjJc4udjFywdatvphxDPY2fOowAsdowHwhhYtguSuavxk/fU='
