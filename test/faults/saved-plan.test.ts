import { writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { withStubs } from './stubs.js'

describe('a saved plan for three hosts', test => {
  test(
    'is applied to all but the one where somebody has restarted a process, and what comes after that is left alone',
    () =>
      withStubs(
        { web: { port: 8001 }, app: { keys: { requires: 'web' } } },
        async ({ run, call, lab, sh, pids, calls }) => {
          assert.is((await run({ web: 'running' })).code, 0)
          const file = `${lab.folder}/plan`
          const planned = await run({ web: 'stopped' }, { args: ['-C', '-o', file, '--detailed-exitcode'] })
          assert.is(planned.code, 10, planned.stdout + planned.stderr)
          const [was] = await pids('web', 'two')
          await sh('/etc/init.d/web stop; while pgrep -f "^perl /opt/stubd web" >/dev/null; do sleep 0.1; done', 'two')
          await sh('/etc/init.d/web start', 'two')
          const [is] = await pids('web', 'two')
          assert.ok(was !== is && is !== undefined, `${was} ${is}`)

          const applied = await call(['apply', file]).said
          assert.is(applied.code, 2, applied.stdout + applied.stderr)
          assert.equal(changedBy(applied), ['web@one', 'web@three'])
          assert.match(applied.stdout, `failed: [web@two] moved since the plan: web@two: main pid ${was} (`)
          assert.equal(await pids('web', 'two'), [is])
          assert.equal(
            ['one', 'two', 'three'].map(name => calls('web', 'stop', name)),
            [1, 1, 1],
          )

          const start = await run({ web: 'running', app: 'running' }, { args: ['-C', '-o', file] })
          assert.is(start.code, 0, start.stdout)
          await sh('/etc/init.d/web stop; while pgrep -f "^perl /opt/stubd web" >/dev/null; do sleep 0.1; done', 'two')
          const partly = await call(['apply', file]).said
          assert.equal(changedBy(partly), ['web@one', 'web@three'])
          assert.match(partly.stdout, /failed: \[web@two\] moved since the plan: web@two: main pid \d+/)
          assert.match(partly.stdout, /skipped: .*\bapp on one, .*: it comes after web@two, which did not end well/)
          assert.is((await pids('app', 'one')).length, 0)
        },
        ['one', 'two', 'three'],
      ),
    { skip: whyNoLab('hosts'), timeoutMs: 180_000 },
  )

  test(
    'whose batches are cut short by a kill is taken up, and leaves the host of a later batch alone that has moved',
    () =>
      withStubs(
        { web: { port: 8001 } },
        async ({ run, call, lab, sh, pids, calls }) => {
          assert.is((await run({ web: 'running' })).code, 0)
          const [file, open] = [`${lab.folder}/plan`, `${lab.folder}/open`]
          const gate = { command: `test -e ${open}`, within: '60s' }
          const play = { hosts: 'all', catalog: 'catalog.yml', services: { web: 'stopped' }, canary: 1, gate }
          writeFileSync(`${lab.folder}/batches.yml`, JSON.stringify([play]))
          const planned = await call(['plan', `${lab.folder}/batches.yml`, '-i', lab.inventory, '-o', file]).said
          assert.is(planned.code, 0, planned.stdout + planned.stderr)

          const applying = call(['apply', file])
          await applying.shown(/to be as it should be/)
          applying.kill('SIGKILL')
          await applying.said
          const [was] = await pids('web', 'two')
          await sh('/etc/init.d/web stop; while pgrep -f "^perl /opt/stubd web" >/dev/null; do sleep 0.1; done', 'two')
          await sh('/etc/init.d/web start', 'two')
          writeFileSync(open, '')

          const resumed = await call(['resume', 'last']).said
          assert.is(resumed.code, 2, resumed.stdout + resumed.stderr)
          assert.equal(changedBy(resumed), ['web@three'])
          assert.match(resumed.stdout, `failed: [web@two] moved since the plan: web@two: main pid ${was} (`)
          assert.equal(
            ['one', 'two', 'three'].map(name => calls('web', 'stop', name)),
            [1, 1, 1],
          )
          assert.is((await pids('web', 'two')).length, 1)
        },
        ['one', 'two', 'three'],
      ),
    { skip: whyNoLab('hosts'), timeoutMs: 60_000 },
  )
})
