import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { clients } from '../faults/clients.js'
import { inFolder } from '../helpers/folder.js'
import { steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

/** Erases the screen, turns a line round, and would be a command or a template anywhere but where it is text. */
const hostile = '\u001b[2J\u009b31m\u202e{{ x }}$(touch /tmp/x)`id`\u0007'

describe('a name that is an option or a path', test => {
  for (const { name, args } of clients)
    test(`is refused with its place before anything is connected to or called, over ${name}`, () =>
      withListener('', async (port, connections, folder) => {
        const called = `${folder}/called`
        mkdirSync(`${folder}/bin`)
        writeFileSync(`${folder}/bin/ssh`, `#!/bin/sh\n: >${called}\n`)
        chmodSync(`${folder}/bin/ssh`, 0o755)
        const hosts = ['-oProxyCommand=touch', '../x', 'good'].map(host => `    "${host}":\n`).join('')
        const vars = `    ansible_host: 127.0.0.1\n    ansible_port: ${port}\n`
        writeFileSync(`${folder}/hosts.yml`, `all:\n  hosts:\n${hosts}  vars:\n${vars}`)
        const env = { HOME: folder, PATH: `${folder}/bin:${process.env['PATH']}` }
        const { code, stdout, stderr } = await steward(['discover', 'good', '-i', `${folder}/hosts.yml`, ...args], {
          env,
        })
        assert.equal([code, stdout, connections()], [5, '', 0])
        assert.match(stderr, `${folder}/hosts.yml:3:5: expected a host name`)
        assert.match(stderr, `${folder}/hosts.yml:4:5: expected a host name`)
        assert.not.ok(existsSync(called))
      }))
})

describe('what a host says before anybody has logged in', test => {
  for (const { name, args } of clients)
    test(`does nothing to a terminal and is no template, over ${name}`, () =>
      withListener(`${hostile}\r\n`, async (port, connections, folder) => {
        const vars = `{ ansible_host: 127.0.0.1, ansible_port: ${port} }`
        writeFileSync(`${folder}/hosts.yml`, `all: { hosts: { h: ${vars} } }\n`)
        const discover = ['discover', 'h', '-i', `${folder}/hosts.yml`, ...args]
        for (const more of [[], ['--json']]) {
          const { code, stdout, stderr } = await steward([...discover, ...more], { env: { HOME: folder } })
          assert.is(code, 4)
          assert.match(stdout + stderr, '{{ x }}$(touch /tmp/x)`id`')
          assert.not.match((stdout + stderr).replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
        }
        assert.is(connections(), 2)
      }))
})

/** Says that to everybody, and hangs up. */
const withListener = (
  greeting: string,
  use: (port: number, connections: () => number, folder: string) => Promise<void>,
): Promise<void> =>
  inFolder(async folder => {
    let connections = 0
    const server = createServer(socket => {
      connections += 1
      socket.on('error', () => {})
      socket.end(greeting)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      await use((server.address() as { port: number }).port, () => connections, folder)
    } finally {
      server.close()
    }
  })
