/** How logins went is told by both clients alike, and no secret with it. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../lib/model/event.js'
import type { LoginTrace } from '../../lib/model/login-trace.js'
import type { HostName } from '../../lib/model/names.js'
import { transportByRoute } from '../../lib/remote/by-route.js'
import { loginLines } from '../../lib/report/login-lines.js'
import { clients } from '../faults/clients.js'
import { describe } from '../helpers/test.js'
import { takesPassword, withPasswordServer } from './password-server.js'
import { assertError, rightOf } from './scripts.js'
import { makeKey, optionsFor, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd

const listening = () => {
  const traces: LoginTrace[] = []
  return { traces, onLoginTried: (_host: HostName, login: LoginTrace) => void traces.push(login) }
}

for (const { name, with: over } of clients) {
  describe(`how a login went over ${name}`, test => {
    const told = withSshd([], async sshd => {
      const ecdsa = secondKey(sshd)
      const { traces, onLoginTried } = listening()
      rightOf(await sshd.connect({ ...over, onLoginTried }))
      const [trace, ...more] = traces
      if (trace === undefined) throw new Error('no login was told of')
      const { client, address, port, user, through, failed, hostKey, tried, software, negotiated } = trace
      assert.equal([more, client, through, failed], [[], name, null, null])
      assert.equal([address, port, user], ['127.0.0.1', sshd.port, sshd.user])
      const [, fingerprint] = execFileSync('ssh-keygen', ['-lf', `${sshd.folder}/host_key.pub`], {
        encoding: 'utf8',
      }).split(' ')
      assert.equal(hostKey, { keyType: 'ssh-ed25519', fingerprint, foundAt: `${sshd.home}/.ssh/known_hosts:1` })
      assert.equal(
        tried.map(({ with: key, outcome }) => [key.split(' ')[0], outcome]),
        [
          [`${sshd.home}/.ssh/id_ed25519`, 'refused'],
          [ecdsa, 'taken'],
        ],
      )
      assert.match(software ?? '', /^OpenSSH_/)
      assert.is(negotiated?.hostKey, 'ssh-ed25519')
      for (const way of [negotiated?.kex, negotiated?.cipher]) assert.match(way ?? '', /^[a-z][\w@.-]{5,}$/)
      assert.ok(trace.tookMs >= (trace.reachedMs ?? 0) && trace.tookMs > 0)
    })
    test('tells of keys that were refused and taken, of the host key and of what was agreed on', told, { skip })

    const refused = withSshd([], async sshd => {
      writeFileSync(`${sshd.folder}/authorized_keys`, '')
      const { traces, onLoginTried } = listening()
      assertError(await sshd.connect({ ...over, onLoginTried }), 'LoginRefused', 'refused')
      writeFileSync(`${sshd.home}/.ssh/known_hosts`, '')
      assertError(await sshd.connect({ ...over, onLoginTried }), 'HostKeyRefused', 'known')
      assert.equal(
        traces.map(({ hostKey, tried }) => [
          hostKey?.keyType,
          hostKey?.foundAt !== null,
          tried.map(({ outcome }) => outcome),
        ]),
        [
          ['ssh-ed25519', true, ['refused']],
          ['ssh-ed25519', false, []],
        ],
      )
      assert.match(traces[0]?.failed ?? '', 'refused')
      assert.match(traces[1]?.failed ?? '', 'known')
    })
    test('tells of the keys that a host refused, and of the key that a host was refused for', refused, { skip })

    const jumped = withSshd([], async sshd => {
      const { traces, onLoginTried } = listening()
      const transport = transportByRoute({ ...optionsFor(sshd.home), ...over, onLoginTried })
      const jump = `127.0.0.1:${sshd.port}`
      const route = { _tag: 'Ssh', address: '127.0.0.1', port: sshd.port, user: null, keyFile: null } as const
      const connection = rightOf(
        await transport.connect('far' as HostName, { ...route, sshOptions: [['ProxyJump', jump]] })(),
      )
      await connection.close()
      assert.equal(
        traces.map(({ through, failed }) => [through, failed]),
        [
          [null, null],
          [`${sshd.user}@127.0.0.1 port ${sshd.port}`, null],
        ],
      )
    })
    test('tells of the jump host first, and then of the host behind it', jumped, { skip })
  })
}

describe('how a login went', test => {
  const silent = listening()
  const password = withPasswordServer(
    takesPassword,
    'right',
    async ({ connect }) => {
      rightOf(await connect())
      assert.equal(silent.traces[0]?.tried, [{ with: 'the password', outcome: 'taken' }])
      assert.not.match(JSON.stringify(silent.traces), /"right"/)
    },
    { onLoginTried: silent.onLoginTried },
  )
  test('names a password, and does not tell it', password, { skip })

  test('is told in lines that no host can break', () => {
    const event: Extract<RunEvent, { _tag: 'LoginTried' }> = {
      _tag: 'LoginTried',
      atMs: 0,
      host: 'web1' as HostName,
      client: 'ssh2',
      address: '192.0.2.10',
      port: 22,
      user: 'ops',
      through: 'ops@jump1',
      software: 'x\u001b[2J',
      hostKey: { keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc', foundAt: '/home/ops/.ssh/known_hosts:3' },
      negotiated: { kex: 'curve25519-sha256', hostKey: 'ssh-ed25519', cipher: 'aes128-ctr', mac: 'hmac-sha2-256' },
      tried: [
        { with: "the agent's ops@home (SHA256:x)", outcome: 'refused' },
        { with: 'the password', outcome: 'unanswered' },
      ],
      reachedMs: 3,
      tookMs: 84,
      failed: '192.0.2.10\nhung up',
    }
    assert.equal(loginLines(event), [
      '[web1] ssh2: ops@192.0.2.10 port 22, through ops@jump1: not logged in: 192.0.2.10\\u{a}hung up (84 ms, reached after 3 ms)',
      '  host key ssh-ed25519 SHA256:abc, in /home/ops/.ssh/known_hosts:3, x\\u{1b}[2J, curve25519-sha256, ssh-ed25519, aes128-ctr, hmac-sha2-256',
      "  the agent's ops@home (SHA256:x): refused",
      '  the password: unanswered',
    ])
  })
})

/** One that is tried after the first, which is not taken any more. */
const secondKey = ({ home, folder }: Sshd): string => {
  const key = makeKey(`${home}/.ssh/id_ecdsa`, 'ecdsa')
  writeFileSync(`${folder}/authorized_keys`, readFileSync(`${key}.pub`))
  return key
}
