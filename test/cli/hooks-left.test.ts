import * as assert from 'uvu/assert'
import { describe } from '../helpers/test.js'
import { type Balanced, dies, withBalanced } from './balanced.js'

const skip = process.platform === 'linux' ? undefined : 'it needs setsid and /proc'

describe('a hook after a start or a stop that was not run to its end', test => {
  const balanced = (title: string, use: (tools: Balanced) => Promise<void>) =>
    test(title, () => withBalanced(use), { skip, timeoutMs: 60_000 })

  balanced('as it failed is told of by every later run, and done by a resume', async tools => {
    const { breaks, make, call, done } = tools
    breaks('after start', true)
    const failed = await make('running')
    assert.is(failed.code, 2, failed.stdout)
    assert.match(failed.stdout, 'hook after the start ended with 1\n')
    const left = `not run: the hooks after the start of web@here: steward resume ${await tools.runId()} does that`
    assert.match((await call(['show', 'last'])).stdout, left)
    const again = await make('running')
    assert.equal([again.code, again.stderr], [0, `steward: ${left}\n`], again.stdout)
    breaks('after start', false)
    const resumed = await call(['resume', /resume (\S+)/.exec(left)?.[1] ?? ''])
    assert.equal([resumed.code, resumed.stderr], [0, ''], resumed.stdout)
    assert.match(resumed.stdout, /^changed: \[web@here\] running: .*; the hooks after its start are done /m)
    assert.equal(done(), ['before start', 'start', 'after start', 'after start'])
    const last = await make('running')
    assert.equal([last.code, last.stderr, done().length], [0, '', 4], last.stdout)
  })

  balanced('is owed again by the resume it failed in', async ({ breaks, make, call, runId }) => {
    breaks('after start', true)
    await make('running')
    const first = await runId()
    assert.is((await call(['resume', first])).code, 2)
    const second = await runId()
    breaks('after start', false)
    assert.is.not(second, first)
    assert.is((await call(['resume', second])).code, 0)
    assert.is((await make('running')).stderr, '')
  })

  // The syncs of a journal here: its beginning, the plan, the hook before, what is due, the act, the hook after.
  balanced('as its controller was killed in between is done by a resume', async ({ make, call, done }) => {
    assert.is((await make('running', dies('before 6'))).code, null)
    assert.equal(done(), ['before start', 'start'])
    const again = await make('running')
    assert.equal([again.code, done().length], [0, 2])
    assert.match(again.stderr, 'not run: the hooks after the start of web@here')
    const id = /resume (\S+)/.exec(again.stderr)?.[1] ?? ''
    assert.is((await call(['resume', id])).code, 0)
    assert.equal(done(), ['before start', 'start', 'after start'])
  })

  balanced('likewise after a stop, on the controller', async ({ make, call, done, runId }) => {
    await make('running')
    await make('stopped', dies('before 6'))
    const before = done()
    assert.is(before.at(-1), 'stop')
    const resumed = await call(['resume', await runId()])
    assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
    assert.equal(done(), [...before, 'after stop'])
  })

  balanced(
    'in a restart is done before the start that is still to be made',
    async ({ call, make, restart, done, runId }) => {
      await make('running')
      const before = done().length
      const said = await restart([], dies('before 6'))
      assert.is(said.code, null, said.stdout + said.stderr)
      const resumed = await call(['resume', await runId()])
      assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
      assert.equal(done().slice(before), ['before stop', 'stop', 'after stop', 'before start', 'start', 'after start'])
    },
  )

  balanced(
    'is not repeated by a second resume once it ended well',
    async ({ breaks, call, make, restart, done, runId }) => {
      await make('running')
      breaks('after stop', true)
      assert.is((await restart()).code, 2)
      breaks('after stop', false)
      breaks('before start', true)
      assert.is((await call(['resume', await runId()])).code, 2)
      assert.equal(done().slice(-2), ['after stop', 'before start'])
      const before = done().length
      breaks('before start', false)
      const resumed = await call(['resume', await runId()])
      assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
      assert.equal(done().slice(before), ['before start', 'start', 'after start'])
    },
  )

  balanced(
    'nor by the resume of a restart in which it ended well',
    async ({ breaks, call, make, restart, done, runId }) => {
      await make('running')
      breaks('before start', true)
      assert.is((await restart()).code, 2)
      assert.equal(done().slice(-2), ['after stop', 'before start'])
      const before = done().length
      breaks('before start', false)
      const resumed = await call(['resume', await runId()])
      assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
      assert.equal(done().slice(before), ['before start', 'start', 'after start'])
    },
  )

  balanced(
    'after a stop is done once by a playbook that then starts',
    async ({ breaks, call, make, bounce, done, runId }) => {
      await make('running')
      breaks('after stop', true)
      assert.is((await bounce()).code, 2)
      const before = done().length
      breaks('after stop', false)
      const resumed = await call(['resume', await runId()])
      assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
      assert.equal(done().slice(before), ['after stop', 'before start', 'start', 'after start'])
    },
  )

  test(
    'after the stop of a restart is done also where none is declared after the start',
    () =>
      withBalanced(
        async ({ breaks, call, make, restart, done, runId }) => {
          await make('running')
          breaks('after stop', true)
          assert.is((await restart()).code, 2)
          const before = done().length
          breaks('after stop', false)
          const resumed = await call(['resume', await runId()])
          assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
          assert.equal(done().slice(before), ['after stop', 'before start', 'start'])
        },
        folder => ({ after: { stop: { command: `${folder}/hook 'after stop'` } } }),
      ),
    { skip, timeoutMs: 60_000 },
  )

  test(
    'is due of a restart also where somebody else has started it meanwhile',
    () =>
      withBalanced(
        async ({ make, restart, done }) => {
          await make('running')
          const before = done().length
          const said = await restart()
          assert.is(said.code, 0, said.stdout + said.stderr)
          assert.equal(done().slice(before), ['before stop', 'stop', 'start', 'after start'])
        },
        folder => ({
          after: { start: { command: `${folder}/hook 'after start'` }, stop: { command: `${folder}/start` } },
        }),
      ),
    { skip, timeoutMs: 60_000 },
  )

  test(
    'is not due where nothing was launched after all',
    () =>
      withBalanced(
        async ({ make, call, done }) => {
          const said = await make('running')
          assert.is(said.code, 2, said.stdout)
          assert.match(said.stdout, 'changed since the plan: it was stopped; it is duplicate')
          assert.equal(done(), ['start', 'start'])
          assert.not.match((await call(['show', 'last'])).stdout, 'not run')
        },
        folder => ({ before: { start: { command: `${folder}/start; ${folder}/start` } } }),
      ),
    { skip, timeoutMs: 60_000 },
  )
})
