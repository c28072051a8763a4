import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type Controller, projectFolder } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { type Tools, until, withStubs } from './stubs.js'

const both = { km: 'running', web: 'running' } as const
const finishing = /finishing what is under way and starting nothing more/

describe('a run that is interrupted', test => {
  const skip = whyNoLab('hosts')
  /** `km` takes a second or two to start; `web` requires it. */
  const midway = (title: string, use: (tools: Tools, controller: Controller) => Promise<void>) =>
    test(
      title,
      () =>
        withStubs({ km: { port: 8001, daemon: 'opens=1' }, web: { keys: { requires: 'km' } } }, async tools => {
          const controller = tools.begin(both)
          await until(() => tools.calls('km') === 1)
          await use(tools, controller)
        }),
      { skip, timeoutMs: 90_000 },
    )

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    midway(
      `by ${signal} finishes what it has begun, begins nothing more, and is taken up again`,
      async (tools, controller) => {
        controller.kill(signal)
        const { code, stdout, stderr } = await controller.said
        assert.is(code, 99, stdout + stderr)
        assert.match(stderr, finishing)
        assert.match(stdout, /changed: \[km@one\] running[\s\S]*skipped: \[web@one\] the run was interrupted before it/)
        assert.equal([tools.calls('km'), tools.calls('web')], [1, 0])
        assert.match(
          (await tools.call(['show', 'last']).said).stdout,
          'interrupted: nothing new was begun from here on',
        )
        const again = await tools.call(['resume', 'last']).said
        assert.equal([again.code, tools.calls('km'), tools.calls('web')], [0, 1, 1], again.stdout + again.stderr)
      },
    )

  midway('twice leaves at once and names what is not known; the next run finds out', async (tools, controller) => {
    controller.kill('SIGINT')
    await controller.shown(finishing)
    controller.kill('SIGINT')
    const { code, stdout, stderr } = await controller.said
    assert.is(code, 99, stdout + stderr)
    assert.match(stderr, 'left at once; what became of km@one is not known: look with steward status')
    assert.match(stderr, /\nsteward: to take it up again: steward resume \S+\n/)
    assert.not.match(stdout, 'changed')
    assert.match((await tools.call(['show', 'last']).said).stdout, 'outcome not known: km@one')
    const again = await tools.run(both)
    assert.equal([again.code, tools.calls('km'), tools.calls('web')], [0, 1, 1], again.stdout + again.stderr)
  })

  test(
    'while it waits for a lock gives that up, and has begun nothing',
    () =>
      withStubs(
        { km: { port: 8001, daemon: 'opens=30', keys: { ready: { within: '60s' } } }, web: {} },
        async tools => {
          const holder = tools.begin({ km: 'running' })
          try {
            await until(() => tools.calls('km') === 1)
            const waiting = tools.begin({ web: 'running' }, { args: ['--json'] })
            await waiting.shown(/the lock of one: waiting for it/)
            waiting.kill('SIGINT')
            const { code, stdout, stderr } = await waiting.said
            assert.equal([code, tools.calls('web')], [99, 0], stdout + stderr)
          } finally {
            holder.kill('SIGKILL')
          }
        },
      ),
    { skip, timeoutMs: 90_000 },
  )
})

describe('a run that nobody listens to any more', test => {
  const skip = whyNoLab('hosts')

  test(
    'is done to its end, and ends with the code that it earned',
    () =>
      withStubs(
        {
          km: {},
          web: { keys: { requires: 'km' } },
          bad: { start: 'exit 1', keys: { requires: 'web', ready: { within: '1s' } } },
        },
        async tools => {
          const enter = ['bash', '-o', 'pipefail', '-c', '"$@" | head -1', 'bash']
          const good = await tools.run(both, { enter })
          assert.equal(
            [good.code, good.stdout.split('\n').length, tools.calls('km'), tools.calls('web')],
            [0, 2, 1, 1],
            good.stderr,
          )
          const bad = await tools.run({ ...both, bad: 'running' }, { enter })
          assert.equal([bad.code, tools.calls('bad')], [2, 1], bad.stderr)
        },
      ),
    { skip, timeoutMs: 90_000 },
  )

  for (const times of [1, 2])
    test(
      `as its terminal is gone finishes what it has begun, be it told ${times === 1 ? 'once' : 'twice, by the shell and the kernel'}`,
      () =>
        withStubs({ km: { port: 8001, daemon: 'opens=1' }, web: { keys: { requires: 'km' } } }, async tools => {
          const result = `${tools.lab.folder}/result`
          const { argv, ...options } = tools.command(both)
          const command = [`${projectFolder}test/faults/session-leader`, result, `${times}`, ...argv]
          const terminal = spawn(
            'script',
            ['-qec', `perl ${command.map(word => `'${word}'`).join(' ')}`, '/dev/null'],
            {
              ...options,
              stdio: ['pipe', 'ignore', 'ignore'],
            },
          )
          await until(() => tools.calls('km') === 1)
          terminal.kill('SIGKILL')
          await until(() => existsSync(result))
          assert.is(readFileSync(result, 'utf8'), '99 0\n')
          assert.match(
            (await tools.call(['show', 'last']).said).stdout,
            /changed: \[km@one\] running[\s\S]*skipped: \[web@one\]/,
          )
        }),
      { skip, timeoutMs: 90_000 },
    )
})
