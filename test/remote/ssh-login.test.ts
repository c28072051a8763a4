import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { withAgent } from './agent.js'
import { assertError, rightOf, run } from './scripts.js'
import { makeKey, type Sshd, withoutSshd, withSshd } from './sshd.js'

const skip = withoutSshd
const debug = ['LogLevel DEBUG1']

describe('ssh login', test => {
  const wrong = withSshd(debug, async sshd => {
    const keyFile = makeKey(`${sshd.folder}/wrong`)
    assertError(await sshd.connect({ keyFile }), 'LoginRefused', sshd.user, keyFile, 'publickey')
    assert.equal(await attempts(sshd, refusal), ['publickey'])
  })
  test('tries a wrong key once and names user and key', wrong, { skip })

  const named = withSshd(debug, async sshd => {
    const keyFile = `${sshd.folder}/mine`
    renameSync(`${sshd.home}/.ssh/id_ed25519`, keyFile)
    rightOf(await sshd.connect({ keyFile: '~/../mine' }))
  })
  test('takes the key file of the route, under ~ too', named, { skip })

  const several = withSshd(debug, async sshd => {
    makeKey(`${sshd.home}/.ssh/id_ecdsa`, 'ecdsa')
    writeFileSync(`${sshd.folder}/authorized_keys`, readFileSync(`${sshd.home}/.ssh/id_ecdsa.pub`))
    rightOf(await sshd.connect())
    assert.equal(await attempts(sshd, welcome), ['publickey', 'publickey', 'publickey'])
  })
  test('goes on to the next key', several, { skip })

  const none = withSshd(debug, async sshd => {
    rmSync(`${sshd.home}/.ssh/id_ed25519`)
    assertError(await sshd.connect(), 'LoginRefused', 'no key to log in', 'publickey')
    assertError(await sshd.connect({ keyFile: '/no/such' }), 'LoginRefused', 'there is no /no/such')
    assertError(await sshd.connect({ keyFile: `${sshd.home}/.ssh/id_ed25519.pub` }), 'LoginRefused', 'is a public key')
    assertError(await sshd.connect({ keyFile: `${sshd.folder}/sshd_config` }), 'LoginRefused', 'is not a usable key')
  })
  test('says why there is no key', none, { skip })

  const passwords = withSshd([...debug, 'PubkeyAuthentication no', 'KbdInteractiveAuthentication no'], async sshd => {
    makeKey(`${sshd.home}/.ssh/id_ecdsa`, 'ecdsa')
    assertError(await sshd.connect(), 'LoginRefused', 'it takes password and no keys')
    assert.equal(await attempts(sshd, refusal), ['publickey'])
  })
  test('says of a host that takes passwords only that it does, and offers it one key', passwords, { skip })

  const twoFactors = withSshd(['AuthenticationMethods publickey,password'], async sshd => {
    assertError(await sshd.connect(), 'LoginRefused', 'it took a key and wants more: password')
  })
  test('says so of a host that wants more than a key', twoFactors, { skip })

  const tooMany = withSshd(['MaxAuthTries 1'], async sshd => {
    makeKey(`${sshd.home}/.ssh/id_ecdsa`, 'ecdsa')
    writeFileSync(`${sshd.folder}/authorized_keys`, '')
    assertError(await sshd.connect(), 'LoginRefused', 'Too many authentication failures')
  })
  test('quotes a host that ends the login', tooMany, { skip })

  const encrypted = withSshd(debug, async sshd => {
    const keyFile = makeKey(`${sshd.folder}/locked`, 'ed25519', 'secret')
    appendFileSync(`${sshd.folder}/authorized_keys`, readFileSync(`${keyFile}.pub`))
    assertError(await sshd.connect({ keyFile }), 'LoginRefused', `ssh-add ${keyFile}`)
  })
  test('asks nobody for a passphrase, and says which key needs the agent', encrypted, { skip })

  const agent = withSshd(
    debug,
    withAgent(async (sshd, agentSocket, add) => {
      const path = `${sshd.home}/.ssh/id_ed25519`
      add(makeKey(`${sshd.folder}/other`, 'ecdsa'))
      add(path)
      makeKey(`${sshd.home}/.ssh/id_ecdsa`, 'ecdsa')
      writeFileSync(path, readFileSync(makeKey(`${sshd.folder}/locked`, 'ed25519', 'secret')))
      assert.is((await run(rightOf(await sshd.connect({ agentSocket })), 'echo on\n')).stdout, 'on\n')
      rightOf(await sshd.connect({ agentSocket, keyFile: path }))
      assert.equal(await attempts(sshd, welcome, 2), Array(2 + 2).fill('publickey'))
    }),
  )
  test("logs in with the agent's keys, first the one the route names", agent, { skip })

  const both = withSshd(
    debug,
    withAgent(async (sshd, agentSocket, add) => {
      const path = `${sshd.home}/.ssh/id_ed25519`
      add(path)
      writeFileSync(`${sshd.folder}/authorized_keys`, '')
      assertError(await sshd.connect({ agentSocket }), 'LoginRefused', "the agent's")
      assert.equal(await attempts(sshd, refusal), ['publickey'])
      execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', path])
      assert.not.match(JSON.stringify(await sshd.connect({ agentSocket })), 'ssh-add')
    }),
  )
  test('offers a key once that the agent and a file have', both, { skip })

  const unwilling = withSshd(
    [],
    withAgent(async (sshd, agentSocket, add) => {
      const asksFirst = makeKey(`${sshd.folder}/asks-first`)
      add('-c', asksFirst)
      appendFileSync(`${sshd.folder}/authorized_keys`, readFileSync(`${asksFirst}.pub`))
      rightOf(await sshd.connect({ agentSocket }))
      rmSync(`${sshd.home}/.ssh/id_ed25519`)
      assertError(await sshd.connect({ agentSocket }), 'LoginRefused', 'the agent: ')
    }),
  )
  test('goes on to a key file when the agent will not sign', unwilling, { skip })

  const gone = withSshd([], async sshd => {
    const agentSocket = `${sshd.folder}/gone`
    rightOf(await sshd.connect({ agentSocket }))
    rmSync(`${sshd.home}/.ssh/id_ed25519`)
    assertError(await sshd.connect({ agentSocket }), 'LoginRefused', `the agent at ${agentSocket} cannot be used`)
  })
  test('bears an agent that is gone', gone, { skip })
})

const refusal = 'Connection closed by authenticating user'
const welcome = 'Entering interactive session'

/** The ways to log in the host was asked for, up to that line of its log; a key that is taken is asked for twice. */
const attempts = async ({ log, logged }: Sshd, end: string, times = 1): Promise<readonly string[]> => {
  await logged(end, times)
  return [...log().matchAll(/userauth-request for user \S+ service ssh-connection method (\S+)/g)].map(
    match => `${match[1]}`,
  )
}
