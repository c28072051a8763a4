import * as assert from 'uvu/assert'
import { resume } from '../../lib/api/run.js'
import { readServices } from '../../lib/cli/input.js'
import { describe } from '../helpers/test.js'
import { filesOf, right } from '../helpers/written.js'
import { withBalanced } from './balanced.js'

const skip = process.platform === 'linux' ? undefined : 'it needs setsid and /proc'

describe('services that are started or stopped by name', test => {
  const run = () =>
    withBalanced(async ({ call, folder, done }) => {
      const which = ['-i', `${folder}/hosts.yml`, '-c', `${folder}/catalog.yml`]
      const started = await call(['start', 'web', ...which])
      assert.is(started.code, 0, started.stdout + started.stderr)
      assert.match(started.stdout, /^PLAY \[Start web]$/m)
      const again = await call(['start', 'web', ...which, '--json'])
      assert.match(again.stdout, '"_tag":"RunEnded"')
      assert.equal(done(), ['before start', 'start', 'after start'])
      const plan = await call(['stop', 'web', ...which, '-C', '--detailed-exitcode', '-o', `${folder}/saved`])
      assert.is(plan.code, 10, plan.stdout + plan.stderr)
      assert.match((await call(['apply', `${folder}/saved`])).stdout, /^PLAY \[Stop web]$/m)
      assert.equal(done().slice(3), ['before stop', 'stop', 'after stop'])
      const runs = await call(['runs'])
      assert.match(runs.stdout, / apply web\n.* start web\n.* start web\n$/)
    })
  test('are so once, and a plan of it can be saved and applied', run, { skip, timeoutMs: 60_000 })

  const takenUp = () =>
    withBalanced(async ({ call, folder, done, breaks, runId }) => {
      const which = ['-i', `${folder}/hosts.yml`, '-c', `${folder}/catalog.yml`]
      breaks('before start', true)
      assert.is((await call(['start', 'web', ...which])).code, 2)
      breaks('before start', false)
      const stateHome = process.env['XDG_STATE_HOME']
      process.env['XDG_STATE_HOME'] = `${folder}/state`
      try {
        const input = { inventory: `${folder}/hosts.yml`, catalogs: `${folder}/catalog.yml`, services: ['web'] }
        const why = await resume(await runId(), input).result.catch(String)
        assert.match(String(why), 'it is a start or a stop of the command line, which is to resume it')
      } finally {
        if (stateHome === undefined) delete process.env['XDG_STATE_HOME']
        else process.env['XDG_STATE_HOME'] = stateHome
      }
      const resumed = await call(['resume', 'last'])
      assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
      assert.equal(done().slice(1), ['before start', 'start', 'after start'])
    })
  test('are taken up again by the command line, and by no program as a restart', takenUp, { skip, timeoutMs: 60_000 })

  test('are those that are named and no others; who requires what is stopped is told of', () => {
    const entry = '{ hosts: all, script: /i, processes: { p: { args: [/p] } }'
    const files = filesOf({
      'catalog.yml': `services: { db: ${entry} }, app: ${entry}, requires: [db] } }`,
      'hosts.yml': 'all: { hosts: { h1: } }',
    })
    const read = (names: readonly string[], state: 'running' | 'stopped') => {
      const options = { inventory: 'hosts.yml', shipped: '/shipped', files }
      return right(readServices(names, ['catalog.yml'], { state, startedAfterMs: null }, options)).expansion
    }
    const stop = read(['db'], 'stopped')
    assert.equal(
      stop.plays.map(({ name, desired, prerequisites }) => [name, desired.length, prerequisites.length]),
      [['Stop db', 1, 0]],
    )
    assert.equal(
      stop.warnings?.map(({ what }) => what),
      ['db is to be stopped; app requires it and is left as it is'],
    )
    const start = read(['app'], 'running')
    assert.equal(
      start.plays.map(({ name, desired, prerequisites }) => [name, desired.length, prerequisites.length]),
      [['Start app', 1, 1]],
    )
  })
})
