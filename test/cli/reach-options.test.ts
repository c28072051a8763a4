import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { reachAsJournalled, reachFromJournal } from '../../lib/cli/reach-options.js'
import { inFolder } from '../helpers/folder.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

describe('the deadlines of the command line', test => {
  test('are all stated, with what they are unless given', async () => {
    for (const command of ['run', 'plan', 'status']) {
      const help = (await steward([command, '--help'])).stdout.replace(/\s+/g, ' ')
      for (const [name, usual] of Object.entries({ connect: 10, handshake: 20, command: 30, idle: 60 }))
        assert.match(help, new RegExp(`--${name}-timeout <time> [^(]*\\(${usual}s\\)`))
    }
  })

  test('are held to', () =>
    inFolder(async folder => {
      const server = createServer(() => {})
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      try {
        const { port } = server.address() as { port: number }
        mkdirSync(`${folder}/catalog`)
        writeFileSync(
          `${folder}/hosts.yml`,
          `all: { hosts: { h: { ansible_host: 127.0.0.1, ansible_port: ${port} } } }\n`,
        )
        const said = await steward(['discover', 'h', '-i', `${folder}/hosts.yml`, '--handshake-timeout', '1s'])
        assert.is(said.code, 4)
        assert.match(said.stderr, 'took the connection and said nothing for 1 s')
      } finally {
        server.close()
      }
    }))

  test('cannot be nothing, nor something that is no time', async () => {
    for (const value of ['0s', '-1s', 'soon']) {
      const said = await steward(['status', `--idle-timeout=${value}`])
      assert.is(said.code, 5, value)
    }
  })

  test('are those of the run that is taken up again', () => {
    const given = {
      transport: 'openssh',
      connectTimeout: 1,
      handshakeTimeout: 2,
      commandTimeout: 3,
      idleTimeout: 4,
    } as const
    assert.equal(reachFromJournal({ ...reachAsJournalled(given), 'max-answer': 8 }), given)
    assert.equal(reachFromJournal({}), {})
  })
})
