import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/model/secret.js'
import { readSessionEnd } from '../../lib/remote/openssh/run-in-session.js'
import { lockedKeys } from '../../lib/remote/ssh.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { describeTransport } from './every-transport.js'
import { appears, assertError, rightOf, run, scriptOf } from './scripts.js'
import { makeKey, optionsFor, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const client = 'openssh'
const canary = 'Canary of 9 birds'

describeTransport(
  'openssh transport',
  body => withSshd([], async ({ connect }) => body(rightOf(await connect({ client })))),
  skip,
)

describe('openssh session', test => {
  test(
    'tells an exit code of 255 from an end of its own',
    withSshd([], async ({ connect }) => {
      assert.is((await run(rightOf(await connect({ client })), 'exit 255\n')).code, 255)
    }),
    { skip },
  )

  test(
    'keeps what ssh says of itself out of what a script prints',
    withSshd(['Banner /etc/passwd'], async ({ connect }) => {
      const { stdout, stderr } = await run(rightOf(await connect({ client })), 'echo on; kill -9 $$\n')
      assert.equal([stdout, stderr], ['on\n', ''])
    }),
    { skip },
  )

  test(
    'is told no secret: a locked key is named, and so is a password that nobody is given',
    withSshd(['PasswordAuthentication yes'], async ({ connect, folder, log }) => {
      const keyFile = makeKey(`${folder}/locked`, 'ed25519', canary)
      writeFileSync(`${folder}/authorized_keys`, readFileSync(`${keyFile}.pub`))
      const password = new Secret(canary)
      const unlockedKeys = new Map(
        (await lockedKeys([{ _tag: 'Ssh', address: 'h', port: 22, user: null, keyFile }], optionsFor(folder))).flatMap(
          ({ path, unlock }) => {
            const key = unlock(new Secret(canary))
            return key === null ? [] : [[path, key] as const]
          },
        ),
      )
      assert.is(unlockedKeys.size, 1)
      const refused = await connect({ client, keyFile, password, unlockedKeys })
      assertError(refused, 'LoginRefused', `ssh-add ${keyFile}`, 'built-in client alone')
      assert.not.match(JSON.stringify(refused) + log(), canary)
      rightOf(await connect({ keyFile, password, unlockedKeys }))
    }),
    { skip },
  )

  test('was not opened unless its log says so', () => {
    assert.is(readSessionEnd(''), 'not opened')
    assert.is(readSessionEnd('debug1: mux_client_request_session: master session id: 2\n'), 'not told')
    assert.is(
      readSessionEnd(
        'debug1: mux_client_request_session: master session id: 2\ndebug2: Received exit status from master 7\n',
      ),
      'told',
    )
    assert.is(
      readSessionEnd('mux_client_request_session: session request failed: Session open refused by peer\n'),
      'refused',
    )
  })

  test(
    'leaves no folder and no ssh behind when it is closed, nor when it could not be had',
    withSshd([], async ({ connect, folder, home, port }) => {
      const mine = () => mastersOf(home)
      const connection = rightOf(await connect({ client }))
      await run(connection, 'echo on\n')
      assert.is(mine().length, 1)
      const [dir] = mine()
      assert.is(existsSync(dir as string), true)
      await connection.close()
      assert.is(existsSync(dir as string), false)
      assertError(await connect({ client, knownHostsFiles: [`${folder}/none`] }), 'HostKeyRefused', `${port}`)
      assert.equal(mine(), [])
    }),
    { skip },
  )

  test(
    'leaves nothing behind either when steward is killed',
    withSshd([], async sshd => {
      const child = startElsewhere(sshd)
      await once(child.stdout, 'data')
      assert.is(mastersOf(sshd.home).length, 1)
      const [dir] = mastersOf(sshd.home)
      child.kill('SIGKILL')
      while (mastersOf(sshd.home).length > 0 || existsSync(dir as string)) await delay(20)
    }),
    { skip },
  )

  test(
    'survives a Ctrl-C at the terminal, as what it runs does',
    withSshd([], ({ connect }) =>
      inFolder(async folder => {
        const connection = rightOf(await connect({ client }))
        const waiting = run(
          connection,
          `: > ${folder}/begun; until [ -e ${folder}/go ]; do sleep 0.05; done; echo went\n`,
        )
        await appears(`${folder}/begun`)
        const groups = new Set(
          sshProcesses()
            .filter(({ parent }) => parent === process.pid)
            .map(({ group }) => group),
        )
        assert.not.ok(groups.has(groupOf('self')))
        await run(connection, `: > ${folder}/go\n`)
        assert.is((await waiting).stdout, 'went\n')
      }),
    ),
    { skip },
  )

  test(
    'is lost, with the reason, when ssh itself is ended',
    withSshd([], ({ connect, home }) =>
      inFolder(async folder => {
        const connection = rightOf(await connect({ client }))
        const running = connection.run(scriptOf(`: > ${folder}/begun; sleep 9\n`))()
        await appears(`${folder}/begun`)
        for (const { pid, args } of sshProcesses())
          if (args.includes('-N') && args.join(' ').includes(home)) process.kill(pid)
        assertError(await running, 'Lost', 'the connection was cut')
        assertError(await connection.run(scriptOf('true\n'))(), 'Unreachable', 'the connection was cut')
      }),
    ),
    { skip, timeoutMs: 10_000 },
  )
})

type Process = Readonly<{ pid: number; parent: number; group: number; args: readonly string[] }>

const sshProcesses = (): readonly Process[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        const [, parent = 0, group = 0] = statOf(pid)
        return args[0] === 'ssh' ? [{ pid: Number(pid), parent: Number(parent), group: Number(group), args }] : []
      } catch {
        return [] // it has just ended
      }
    })

const statOf = (pid: string): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
const groupOf = (pid: string): number => Number(statOf(pid)[2])

/** The folders of the masters that know this home. */
const mastersOf = (home: string): readonly string[] =>
  sshProcesses()
    .filter(({ args }) => args.includes('-N') && args.join(' ').includes(home))
    .map(({ args }) => /^(.*)\/log$/.exec(args[args.indexOf('-E') + 1] ?? '')?.[1] ?? '')

const startElsewhere = ({ home, port }: Sshd) => {
  const script = `
    const { opensshTransport } = await import(process.argv[1])
    const route = { _tag: 'Ssh', address: '127.0.0.1', port: ${port}, user: null, keyFile: null }
    const connection = await opensshTransport(${JSON.stringify(optionsFor(home))}).connect('h', route)()
    console.log(connection._tag)
    setInterval(() => {}, 1000)`
  const lib = new URL('../../lib/remote/openssh.js', import.meta.url).href
  return spawn(process.execPath, ['--input-type=module', '--eval', script, lib], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
