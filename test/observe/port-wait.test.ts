import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { type PortWait, waitedMs } from '../../lib/observe/port-wait.js'
import { bareRequest, probeScript } from '../../lib/observe/probe.js'
import { describe } from '../helpers/test.js'
import { whileListening } from './listening.js'
import { listenersOn, lookAt } from './looks.js'
import { scriptOf, shellOf, shellsHere } from './shells.js'
import { changed, hide, needsNamespaces } from './surroundings.js'

/** Longer than any script may take here. */
const forEver = { withinMs: 600_000, everyMs: 20 }

for (const { name, argv, options } of shellsHere()) {
  describe(`a look that waits for a port, in ${name}`, test => {
    const run = shellOf(argv)

    for (const address of ['127.0.0.1', '::1'])
      test(
        `is taken when the port opens on ${address}`,
        async () => {
          const ports = await Promise.all([closedPort(address), closedPort(address)])
          const looking = lookAt({ wait: { ports, ...forEver } }, run)
          await delay(300)
          const port = ports[1] ?? 0
          const server = createServer().listen(port, address)
          try {
            const seen = await looking
            assert.equal(listenersOn(seen, port), [{ address, port, owners: [process.pid] }])
          } finally {
            server.close()
          }
        },
        options,
      )

    test(
      'is taken at once where it is open already, and after some time where it stays closed',
      () =>
        whileListening('127.0.0.1', async open => {
          assert.is(listenersOn(await lookAt({ wait: { ports: [open], ...forEver } }, run), open).length, 1)
          const closed = await closedPort('127.0.0.1')
          const sinceMs = performance.now()
          await lookAt({ wait: { ports: [closed], withinMs: 150, everyMs: 50 } }, run)
          assert.ok(performance.now() - sinceMs >= 150)
        }),
      options,
    )
  })
}

describe('a look that waits for a port', test => {
  for (const [what, missing] of [
    ['no count of sockets', 'mount -t tmpfs x /proc;'],
    ['a sleep that knows no fractions', hide('sleep')],
  ] as const)
    test(
      `is taken at once where there is ${what}`,
      async () => {
        const run = changed(`${missing} exec /bin/sh`)
        await lookAt({ wait: { ports: [await closedPort('127.0.0.1')], ...forEver } }, run)
      },
      needsNamespaces,
    )

  test(
    'costs the host one process each time, and those of a look',
    async () => {
      // As they are numbered from 1 there, the newest one tells how many there were.
      const alone = shellOf([
        'unshare',
        '--pid',
        '--net',
        '--fork',
        '--mount-proc',
        '/bin/sh',
        '-c',
        '/bin/sh; exit $?',
      ])
      const count = async (wait: PortWait | null) => {
        const text = probeScript('f00', { ...bareRequest, wait }).replace('exit 0', () => "sh -c 'echo $$'; exit 0")
        return Number((await alone(scriptOf(text))).stdout.split('\n').at(-2))
      }
      const waiting = await count({ ports: [80], withinMs: 200, everyMs: 10 })
      // And two for each table, which is read once.
      assert.ok(waiting - (await count(null)) <= 20 + 4)
    },
    needsNamespaces,
  )

  test('is dated by when it was taken, as far as the host tells', () => {
    const wait = { ports: [80], withinMs: 1000, everyMs: 50 }
    assert.is(waitedMs('uptime 17.25\n', 18, wait), 750)
    for (const [said, up] of [
      ['', 18],
      ['uptime 17.25\n', Number.NaN],
      ['uptime 19\n', 18],
    ] as const)
      assert.is(waitedMs(said, up, wait), 0)
    assert.is(waitedMs('uptime 17.25\n', 99, wait), 1000)
  })
})

const closedPort = async (address: string): Promise<number> => {
  const server = createServer().listen(0, address)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
