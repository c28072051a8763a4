import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { changedBy, recapOf } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { skip, withEstate } from './local-estate.js'

describe('the estate that comes with steward, on this machine', test => {
  test(
    'starts its 37 processes, changes nothing the second time, and stops all but the pinger',
    () =>
      withEstate({}, async ({ run, processes }) => {
        const first = await run('start-all')
        assert.is(first.code, 0, first.stdout + first.stderr)
        assert.is(recapOf(first, 'localhost'), 'localhost : ok=6 changed=6 unreachable=0 failed=0 skipped=0')
        assert.is(processes().length, 37)
        const second = await run('start-all')
        assert.is(recapOf(second, 'localhost'), 'localhost : ok=6 changed=0 unreachable=0 failed=0 skipped=0')
        const stopped = await run('stop-all')
        assert.is(stopped.code, 0, stopped.stdout)
        assert.equal(
          processes().map(line => line.split('/').at(-1)),
          ['pinger'],
        )
        const again = await run('start-all')
        assert.is(again.code, 0, again.stdout)
        assert.is(processes().length, 37, 'one pinger, not two')
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'starts and stops every service by its own playbook',
    () =>
      withEstate({}, async ({ run, processes }) => {
        for (const service of ['km', 'dispatcher', 'console', 'api', 'worker', 'monitor']) {
          const started = await run(`start-${service}`)
          assert.equal(changedBy(started), [`${service}@localhost`], started.stdout)
        }
        for (const service of ['monitor', 'worker', 'api', 'console', 'dispatcher', 'km']) {
          const stopped = await run(`stop-${service}`)
          assert.equal(changedBy(stopped), [`${service}@localhost`], stopped.stdout)
        }
        assert.is(processes().length, 1)
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'ends the pollers that the script leaves, each by a signal of its own, and nobody with a like name',
    () =>
      withEstate({ leaves: ['Dns', 'Ssl'] }, async ({ run, processes, bystander }) => {
        await run('start-all')
        const twin = bystander()
        const stopped = await run('stop-monitor')
        assert.is(stopped.code, 0, stopped.stdout)
        assert.is((stopped.stdout.match(/sent TERM to pid/g) ?? []).length, 2, stopped.stdout)
        assert.is(processes().filter(line => line.includes('/monitor/')).length, 0)
        assert.ok(twin.lives(), 'a process that only mentions the monitors')
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'names whoever holds a port and starts nothing there',
    () =>
      withEstate({}, async ({ run, processes, ports }) => {
        const stranger = createServer().listen(ports.km, '127.0.0.1')
        try {
          const refused = await run('start-all')
          assert.is(refused.code, 2)
          assert.match(
            refused.stdout,
            new RegExp(`failed: \\[km@localhost\\] port ${ports.km} is held by pid ${process.pid} `),
          )
          assert.equal(processes(), [])
        } finally {
          stranger.close()
        }
      }),
    { skip, timeoutMs: 60_000 },
  )
})
