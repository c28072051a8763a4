import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { SshRoute } from '../../lib/model/inventory.js'
import type { HostName } from '../../lib/model/names.js'
import { Secret } from '../../lib/model/secret.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import { clients } from '../faults/clients.js'
import { inFolder } from '../helpers/folder.js'
import { describe } from '../helpers/test.js'
import { appears, assertError, rightOf, run, scriptOf } from './scripts.js'
import { freePort, optionsFor, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd

for (const { name, with: over } of clients) {
  describe(`a host behind a jump host, over ${name}`, test => {
    test(
      'shares the connection to it with the others behind it, and the last one closes it',
      withJump([], async ({ jump, reach }) => {
        const transport = reach(over)
        const connections = (await Promise.all([transport({}), transport({}), transport({})])).map(rightOf)
        for (const connection of connections) assert.is((await run(connection, 'echo on\n')).stdout, 'on\n')
        assert.is(jump.log().split('Accepted publickey').length, 2)
        await Promise.all(connections.slice(1).map(connection => connection.close()))
        assert.is((await run(connections[0] as (typeof connections)[0], 'echo on\n')).stdout, 'on\n')
        await connections[0]?.close()
        await jump.logged('Disconnected from user')
        const again = rightOf(await transport({}))
        await run(again, 'echo on\n')
        await again.close()
      }),
      { skip },
    )

    test(
      'may be behind several',
      withJump([], async ({ jump, target, reach }) => {
        const connection = rightOf(await reach(over)({ sshOptions: [['ProxyJump', 'jump,direct']] }))
        assert.is((await run(connection, 'echo on\n')).stdout, 'on\n')
        await connection.close()
        assert.is(jump.log().split('Accepted publickey').length, 2)
        assert.is(target.log().split('Accepted publickey').length, 3)
      }),
      { skip },
    )

    test(
      'is not reached through one whose key is not known, which is named',
      withJump([], async ({ target, jump, reach, knownHosts }) => {
        writeFileSync(knownHosts, readFileSync(`${target.home}/.ssh/known_hosts`, 'utf8').split('\n')[0] ?? '')
        const result = await reach(over)({})
        assertError(result, 'HostKeyRefused', `the jump host ${jump.user}@127.0.0.1 port ${jump.port}`)
        assert.not.match(target.log(), 'Connection from')
      }),
      { skip },
    )

    test(
      'is written down when it is new, and so is the jump host, each once',
      withJump([], async ({ jump, target, reach, knownHosts }) => {
        const lines = readFileSync(knownHosts, 'utf8').replace(/ root@.*| [^ ]*@[^ ]*$/gm, '')
        writeFileSync(knownHosts, '')
        const transport = reach({ ...over, hostKeys: 'accept-new' })
        const connections = (await Promise.all([transport({}), transport({})])).map(rightOf)
        await Promise.all(connections.map(connection => connection.close()))
        const [first, second] = lines.split('\n')
        assert.is(readFileSync(knownHosts, 'utf8'), `${second}\n${first}\n`)
        assert.is(jump.log().split('Accepted publickey').length, 2)
        assert.is(target.log().split('Accepted publickey').length, 3)
      }),
      { skip },
    )

    test(
      'is not tried again through one that has refused the login',
      withJump([], async ({ jump, reach }) => {
        writeFileSync(`${jump.folder}/authorized_keys`, '')
        const transport = reach(over)
        assertError(await transport({}), 'LoginRefused', 'the jump host')
        assertError(await transport({}), 'LoginRefused', 'the jump host')
        assert.is(jump.log().split('Connection from').length, 2)
      }),
      { skip },
    )

    test(
      'is said to be kept from us by one that forwards nothing',
      withJump(['AllowTcpForwarding no'], async ({ reach, target }) => {
        assertError(
          await reach(over)({}),
          'Unreachable',
          'the jump host',
          `127.0.0.1 port ${target.port}`,
          name === 'ssh2' ? 'AllowTcpForwarding' : 'prohibited',
        )
      }),
      { skip },
    )

    test(
      'is said to be unreachable from there',
      withJump([], async ({ reach }) => {
        const port = await freePort()
        assertError(await reach(over)({ port }), 'Unreachable', 'the jump host', `port ${port}`, 'Connection refused')
      }),
      { skip },
    )

    test(
      'is lost when the jump host is',
      withJump([], ({ jump, reach }) =>
        inFolder(async folder => {
          const transport = reach(over)
          const connection = rightOf(await transport({}))
          const running = connection.run(scriptOf(`: > ${folder}/begun; sleep 9\n`))()
          await appears(`${folder}/begun`)
          const pid = /Forked child (\d+)/.exec(jump.log())?.[1]
          if (pid === undefined) throw new Error(jump.log())
          process.kill(Number(pid), 'SIGKILL')
          assertError(await running, 'Lost')
          await connection.close()
          const again = rightOf(await transport({}))
          assert.is((await run(again, 'echo on\n')).stdout, 'on\n')
          await again.close()
        }),
      ),
      { skip, timeoutMs: 10_000 },
    )
  })

  describe(`a host behind a command, over ${name}`, test => {
    test(
      'is reached by its stdin and stdout, through /bin/sh',
      withJump([], async ({ target, reach }) => {
        writeFileSync(
          `${target.folder}/relay.cjs`,
          `const s = require('node:net').connect(Number(process.argv[2]), '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout)`,
        )
        const command = `${process.execPath} ${target.folder}/relay.cjs %p 2>/dev/null`
        const connection = rightOf(await reach(over)({ sshOptions: [['ProxyCommand', command]] }))
        assert.is((await run(connection, 'echo on\n')).stdout, 'on\n')
        await connection.close()
      }),
      { skip },
    )

    test(
      'is not reached when the command fails, which is quoted',
      withJump([], async ({ reach }) => {
        const failing: SshRoute['sshOptions'] = [['ProxyCommand', "sh -c 'echo no way >&2; exit 3'"]]
        assertError(await reach(over)({ sshOptions: failing }), 'Unreachable', 'the ProxyCommand said: no way')
      }),
      { skip, timeoutMs: 5000 },
    )
  })
}

describe('a jump host that takes no key', test => {
  test(
    'is given the password that was asked for, once',
    withJump(['PubkeyAuthentication no'], async ({ jump, reach }) => {
      const transport = reach({ password: new Secret('Canary') })
      for (const _ of [1, 2]) assertError(await transport({}), 'LoginRefused', 'the jump host', ', the password')
      assert.is(jump.log().split('Failed password').length, 2)
    }),
    { skip },
  )
})

type Around = Readonly<{
  jump: Sshd
  target: Sshd
  knownHosts: string
  reach: (over: Parameters<Sshd['connect']>[0]) => (route: Partial<SshRoute>) => ReturnType<Sshd['connect']>
}>

/** `target` is behind `jump`, as its home's ssh_config says; `direct` is the same sshd with nothing before it. */
function withJump(jumpConfig: readonly string[], body: (around: Around) => Promise<void>) {
  return withSshd(['LogLevel DEBUG1', ...jumpConfig], jump =>
    withSshd([], target => {
      const knownHosts = `${target.home}/.ssh/known_hosts`
      appendFileSync(knownHosts, readFileSync(`${jump.home}/.ssh/known_hosts`))
      writeFileSync(
        `${target.home}/.ssh/config`,
        `Host target\n  ProxyJump jump\nHost target direct\n  Port ${target.port}\n` +
          `Host jump\n  Port ${jump.port}\n  IdentityFile ${jump.home}/.ssh/id_ed25519\nHost *\n  HostName 127.0.0.1\n`,
      )
      return body({
        jump,
        target,
        knownHosts,
        reach: over => {
          const transport = transportByRoute({ ...optionsFor(target.home), ...over })
          return route =>
            transport.connect('h' as HostName, {
              _tag: 'Ssh',
              address: 'target',
              port: null,
              user: null,
              keyFile: null,
              ...route,
            })()
        },
      })
    })(),
  )
}
