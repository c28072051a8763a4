import { mkdirSync, writeFileSync } from 'node:fs'
import { isLeft } from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { SshRoute } from '../../lib/model/inventory.js'
import type { Destination } from '../../lib/remote/ssh/destination.js'
import type { SshOptions } from '../../lib/remote/ssh/options.js'
import { resolveRoute } from '../../lib/remote/ssh/resolve.js'
import { sshConfigReader } from '../../lib/remote/ssh-config.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { withoutSshd } from './sshd.js'

const skip = withoutSshd

describe('ssh_config', test => {
  test(
    'says where a host is, as whom and with what to log in, with Include and Match',
    withConfig(
      {
        config:
          'Include %FOLDER/.ssh/more\nHost web*\n  HostName %h.invalid\n  Port 2222\nMatch final user ops\n  HostKeyAlias farm',
        more: 'Host web1\n  User ops\n  IdentityFile ~/.ssh/%r_%p\n  IdentitiesOnly yes\n  ConnectTimeout 3',
      },
      async (resolve, home) => {
        const { login, keys, settings } = await resolve({ address: 'web1' })
        assert.equal(login, { address: 'web1.invalid', port: 2222, user: 'ops', hostKeyAlias: 'farm' })
        assert.equal(keys, { keyFile: null, identityFiles: [`${home}/.ssh/ops_2222`], identitiesOnly: true })
        assert.is(settings.connectTimeoutMs, 3000)
        assert.equal(settings.knownHostsFiles.slice(0, 2), [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`])
      },
    ),
    { skip },
  )

  test(
    'counts less than what the inventory says, and its variables count first',
    withConfig({ config: 'Host *\n  Port 1\n  User a\n  ProxyJump j' }, async resolve => {
      const sshOptions = [
        ['Port', '2'],
        ['User', 'b'],
        ['ProxyJump', 'none'],
      ] as const
      assert.equal((await resolve({ sshOptions })).login, { address: 'h', port: 2, user: 'b', hostKeyAlias: null })
      const { login, through } = await resolve({ sshOptions, port: 3, user: 'c' })
      assert.equal(login, { address: 'h', port: 3, user: 'c', hostKeyAlias: null })
      assert.is(through._tag, 'Nothing')
    }),
    { skip },
  )

  test(
    'may say that there are no files of known hosts, of the user or at all',
    withConfig({ config: 'UserKnownHostsFile none\nHost none\n  GlobalKnownHostsFile none' }, async resolve => {
      const { settings } = await resolve({ address: 'some' })
      assert.equal(settings.knownHostsFiles, ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'])
      assert.equal((await resolve({ address: 'none' })).settings.knownHostsFiles, [])
    }),
    { skip },
  )

  test(
    'names jump hosts, each with settings of its own, and the last goes through those before it',
    withConfig(
      { config: 'Host h\n  ProxyJump u@a:2222,b\nHost b\n  HostName fd00::1\n  Port 33' },
      async (resolve, _home) => {
        const { through } = await resolve({})
        const b = through._tag === 'Jump' ? through.hop : null
        assert.equal(b?.login, { address: 'fd00::1', port: 33, user: 'me', hostKeyAlias: null })
        const a = b?.through._tag === 'Jump' ? b.through.hop : null
        assert.equal(a?.login, { address: 'a', port: 2222, user: 'u', hostKeyAlias: null })
        assert.is(a?.through._tag, 'Nothing')
      },
    ),
    { skip },
  )

  test(
    'is said to send a host round in circles',
    withConfig({ config: 'Host h\n  ProxyJump j\nHost j\n  ProxyJump h' }, async (_resolve, _home, fails) => {
      assert.match(await fails({}), 'a circle?')
    }),
    { skip },
  )

  test(
    'is read for a ProxyCommand, whose tokens are filled in',
    withConfig({ config: 'Host h\n  ProxyCommand nc -X 5 %h %p %r %% %n' }, async resolve => {
      const { through } = await resolve({})
      assert.equal(through, { _tag: 'Command', command: 'nc -X 5 h 22 me % h' })
    }),
    { skip },
  )

  test(
    "keeps the quotes of a ProxyCommand, which are the shell's",
    withConfig({ config: 'Host h\n  ProxyCommand "/opt/a b/nc" -q "%h"' }, async resolve => {
      const { through } = await resolve({})
      assert.equal(through, { _tag: 'Command', command: '"/opt/a b/nc" -q "h"' })
    }),
    { skip },
  )

  test(
    'does not get a user into the ProxyCommand who would be a command',
    withConfig({ config: 'Host h\n  ProxyCommand nc %r' }, async (_resolve, _home, fails) => {
      assert.match(await fails({ user: '$(touch x)' }), /cannot be put into the ProxyCommand|invalid characters/)
    }),
    { skip },
  )

  test(
    'with a mistake is said to have one, with its line',
    withConfig({ config: 'Host h\n  Bogus 1' }, async (_resolve, home, fails) => {
      assert.match(await fails({}), `${home}/.ssh/config: line 2`)
    }),
    { skip },
  )

  test(
    'may be another file',
    withConfig({ other: 'Host h\n  Port 44' }, async (resolve, home) => {
      assert.is((await resolve({ configFile: `${home}/.ssh/other` })).login.port, 44)
      assert.is((await resolve({})).login.port, 22)
    }),
    { skip },
  )

  test('that says nothing is not asked for, and options count all the same', () =>
    withConfig({ config: '# nothing\n\nHost *\n  SendEnv LANG LC_*' }, async resolve => {
      const path = process.env['PATH']
      process.env['PATH'] = '/nonexistent'
      try {
        const { login, through } = await resolve({ sshOptions: [['ProxyJump', 'u@a']] })
        assert.equal(login, { address: 'h', port: 22, user: 'me', hostKeyAlias: null })
        assert.is(through._tag === 'Jump' && through.hop.login.address, 'a')
      } finally {
        process.env['PATH'] = path
      }
    })())
})

type Resolve = (route: Partial<SshRoute>) => Promise<Destination>
type Fails = (route: Partial<SshRoute>) => Promise<string>

/** Files below ~/.ssh. */
function withConfig(
  files: Readonly<Record<string, string>>,
  body: (resolve: Resolve, home: string, fails: Fails) => Promise<void>,
) {
  return () =>
    inFolder(async home => {
      mkdirSync(`${home}/.ssh`)
      for (const [name, text] of Object.entries(files))
        writeFileSync(`${home}/.ssh/${name}`, `${text.replaceAll('%FOLDER', home)}\n`)
      const options: SshOptions = { user: 'me', home, agentSocket: null }
      const ask = (route: Partial<SshRoute>) =>
        resolveRoute(
          { _tag: 'Ssh', address: 'h', port: null, user: null, keyFile: null, ...route },
          options,
          sshConfigReader(home, 10_000),
        )
      const resolve: Resolve = async route => {
        const destination = await ask(route)
        if (isLeft(destination)) throw new Error(destination.left)
        return destination.right
      }
      const fails: Fails = async route => {
        const destination = await ask(route)
        return isLeft(destination) ? destination.left : `no failure: ${JSON.stringify(destination.right)}`
      }
      await body(resolve, home, fails)
    })
}
