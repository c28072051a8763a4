import { writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { output } from '../lab/run.js'
import { births, type Stubs, type Tools, until, withStubs } from './stubs.js'

const skip = whyNoLab('hosts')
const twelve = Array.from({ length: 12 }, (_, i) => `h${i + 1}`)
const stubs: Stubs = { web: { hosts: 'all', port: 8001, keys: { ready: { within: '15s', stable: '0s' } } } }

const restart = ({ lab }: Tools, ...args: readonly string[]) => [
  'restart',
  'web',
  '-c',
  `${lab.folder}/catalog.yml`,
  '-i',
  lab.inventory,
  ...args,
]

const link = ({ lab, host }: Tools, name: string, state: 'up' | 'down') =>
  output([...lab.enter, 'ip', 'link', 'set', host(name).link, state])

const bornOn = ({ log }: Tools, names: readonly string[]): readonly number[] =>
  names.map(name => births(log('web', name)))

describe('a rollout over real hosts', test => {
  test(
    'that loses a host midway stops, says where all are, and is taken up again without restarting anything twice',
    () =>
      withStubs(
        stubs,
        async tools => {
          assert.is((await tools.run({ web: 'running' })).code, 0)
          const args = restart(
            tools,
            '--serial',
            '3',
            '--max-unavailable',
            '2',
            '--any-errors-fatal',
            '--connect-timeout',
            '1s',
            '--command-timeout',
            '3s',
          )
          const rolling = tools.call(args)
          await until(() => tools.calls('web', 'stop', 'h1') > 0)
          await link(tools, 'h8', 'down')
          const stopped = await rolling.said
          assert.is(stopped.code, 4, stopped.stdout + stopped.stderr)
          assert.match(stopped.stdout, /The rollout was stopped: h8 is out of reach, and any_errors_fatal is set/)
          assert.match(stopped.stdout, / old: .*h10, h11, h12\n/)
          assert.match(stopped.stdout, / unknown: h8\n/)
          assert.equal(bornOn(tools, ['h1', 'h6', 'h10', 'h12']), [2, 2, 1, 1])
          await link(tools, 'h8', 'up')
          const resumed = await tools.call(['resume', 'last']).said
          assert.is(resumed.code, 0, resumed.stdout + resumed.stderr)
          assert.equal(
            bornOn(tools, twelve),
            twelve.map(() => 2),
          )
          assert.equal(changedBy(await tools.call(['resume', 'last']).said), [])
        },
        twelve,
      ),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'whose canary does not pass its gate has touched the canary alone, and rolls that back if it is told to',
    () =>
      withStubs(
        { web: { ...stubs['web'], keys: { ready: { within: '15s', stable: '0s' }, rollback: 'stop' } } },
        async tools => {
          const { lab, calls } = tools
          const play = {
            hosts: 'all',
            catalog: 'catalog.yml',
            services: { web: 'running' },
            canary: 1,
            gate: { command: 'echo no >&2; exit 1', within: '1s' },
          }
          writeFileSync(`${lab.folder}/canary.yml`, JSON.stringify([play]))
          const run = ['run', `${lab.folder}/canary.yml`, '-i', lab.inventory]
          const failed = await tools.call(run).said
          assert.is(failed.code, 2, failed.stdout + failed.stderr)
          assert.match(failed.stdout, /the gate after canary, batch 1 of 2 did not open/)
          assert.match(failed.stdout, / old: +h2, h3\n/)
          const names = ['h1', 'h2', 'h3']
          assert.equal(bornOn(tools, names), [1, 0, 0])
          await tools.run({ web: 'stopped' })
          const rolled = await tools.call([...run, '--rollback', 'stop']).said
          assert.match(rolled.stdout, /PLAY \[Rollback of all: stop\]/)
          assert.equal([bornOn(tools, names), calls('web', 'stop', 'h1')], [[2, 0, 0], 2])
          assert.equal(await tools.pids('web', 'h1'), [])
        },
        ['h1', 'h2', 'h3'],
      ),
    { skip, timeoutMs: 60_000 },
  )

  test(
    'meets another one on some of its hosts, and nothing is restarted twice',
    () => {
      const names = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
      return withStubs(
        stubs,
        async tools => {
          assert.is((await tools.run({ web: 'running' })).code, 0)
          const both = ['h1:h2:h3:h4', 'h3:h4:h5:h6'].map(limit =>
            tools.call(restart(tools, '--serial', '1', '-l', limit)),
          )
          const ended = await Promise.all(both.map(({ said }) => said))
          assert.equal(
            ended.map(({ code }) => code),
            [0, 0],
            ended.map(({ stdout, stderr }) => stdout + stderr).join('\n'),
          )
          assert.equal(
            bornOn(tools, names),
            names.map(() => 2),
          )
        },
        names,
      )
    },
    { skip, timeoutMs: 90_000 },
  )
})
