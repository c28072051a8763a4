import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { assertError, rightOf, run } from './scripts.js'
import { makeKey, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const client = 'openssh'

/** Signs a public key with the authority that is made in this folder, and returns that one's own public key. */
const sign = (folder: string, key: string, ...how: readonly string[]): string => {
  execFileSync('ssh-keygen', ['-q', '-s', `${folder}/ca`, '-I', 'test', ...how, `${key}.pub`], { stdio: 'ignore' })
  return readFileSync(`${folder}/ca.pub`, 'utf8')
}

/** A host that takes what this authority has signed, and nothing else. */
const trusting = (folder: string): readonly string[] => {
  makeKey(`${folder}/ca`)
  return [`TrustedUserCAKeys ${folder}/ca.pub`, 'AuthorizedKeysFile none']
}

/** A host that shows a certificate for its key. */
const certified = (folder: string): readonly string[] => {
  makeKey(`${folder}/ca`)
  sign(folder, `${folder}/host_key`, '-h', '-n', '127.0.0.1,[127.0.0.1]')
  return [`HostCertificate ${folder}/host_key-cert.pub`]
}

const trustAuthority = ({ folder, home, port }: Sshd): void =>
  writeFileSync(
    `${home}/.ssh/known_hosts`,
    `@cert-authority [127.0.0.1]:${port},127.0.0.1 ${readFileSync(`${folder}/ca.pub`, 'utf8')}`,
  )

const other = /--transport openssh, or ansible_connection: ssh-cli for this host/

describe('a certificate', test => {
  test(
    'of a user logs in over OpenSSH; the built-in client says that it shows none',
    withSshd(trusting, async ({ connect, folder, home, user }) => {
      assertError(await connect({ client }), 'LoginRefused')
      sign(folder, `${home}/.ssh/id_ed25519`, '-n', user)
      assert.equal((await run(rightOf(await connect({ client })), 'echo in\n')).stdout, 'in\n')
      const refused = await connect({})
      assertError(refused, 'LoginRefused', 'id_ed25519-cert.pub is a certificate')
      assert.match(JSON.stringify(refused), other)
    }),
    { skip },
  )

  test(
    'of a host is checked by OpenSSH; the built-in client sends nothing and names the other one',
    withSshd(certified, async sshd => {
      trustAuthority(sshd)
      const { connect, log } = sshd
      const refused = await connect({})
      assertError(refused, 'HostKeyRefused', 'only a certificate authority is known')
      assert.match(JSON.stringify(refused), other)
      assert.not.match(log(), /Failed|Accepted/)
      assert.equal((await run(rightOf(await connect({ client })), 'echo in\n')).stdout, 'in\n')
    }),
    { skip },
  )

  test(
    'of a host by another authority is refused by both',
    withSshd(certified, async sshd => {
      const { connect, folder } = sshd
      makeKey(`${folder}/stranger`)
      writeFileSync(`${folder}/ca.pub`, readFileSync(`${folder}/stranger.pub`))
      trustAuthority(sshd)
      for (const over of [{}, { client } as const]) assertError(await connect(over), 'HostKeyRefused')
    }),
    { skip },
  )
})

describe('a host that only exchanges keys against quantum computers', test => {
  test(
    'is reached over OpenSSH; the built-in client says who can',
    withSshd(['KexAlgorithms sntrup761x25519-sha512@openssh.com'], async ({ connect }) => {
      assert.equal((await run(rightOf(await connect({ client })), 'echo in\n')).stdout, 'in\n')
      const refused = await connect({})
      assertError(refused, 'Unreachable', 'did not agree on how to speak SSH')
      assert.match(JSON.stringify(refused), other)
    }),
    { skip },
  )
})

describe('the key of a hardware token', test => {
  test(
    'is told from a broken one, and the client that can use it is named',
    withSshd([], async ({ connect, folder }) => {
      const keyFile = `${folder}/id_ed25519_sk`
      writeFileSync(keyFile, tokenKey(), { mode: 0o600 })
      // It is one for ssh-keygen too.
      assert.match(
        execFileSync('ssh-keygen', ['-y', '-f', keyFile], { encoding: 'utf8' }),
        /^sk-ssh-ed25519@openssh.com /,
      )
      writeFileSync(`${folder}/authorized_keys`, '')
      const refused = await connect({ keyFile })
      assertError(refused, 'LoginRefused', 'id_ed25519_sk is the key of a hardware token')
      assert.match(JSON.stringify(refused), other)
    }),
    { skip },
  )
})

/** As `ssh-keygen -t ed25519-sk` writes it (PROTOCOL.key, PROTOCOL.u2f), of a token that nobody has. */
const tokenKey = (): string => {
  const u32 = (n: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(n)
    return bytes
  }
  const string = (value: string | Buffer) => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)])
  const point = Buffer.alloc(32, 7)
  const publicPart = [string('sk-ssh-ed25519@openssh.com'), string(point), string('ssh:')]
  const secret = Buffer.concat([
    u32(9),
    u32(9),
    ...publicPart,
    Buffer.from([1]),
    string(Buffer.alloc(64, 5)),
    string(''),
    string('nobody'),
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1))
  const blob = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string('none'),
    string('none'),
    string(''),
    u32(1),
    string(Buffer.concat(publicPart)),
    string(Buffer.concat([secret, padding])),
  ])
  const body = blob.toString('base64').replace(/.{1,70}/g, '$&\n')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}-----END OPENSSH PRIVATE KEY-----\n`
}
