import * as assert from 'uvu/assert'
import { wanted } from '../helpers/random.js'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { raceControllers } from './lock-races.js'
import { births, type Stub, stopping, type Tools, until, withStubs } from './stubs.js'

describe('two controllers on one host', test => {
  test(
    'start a service once: one of them does it, and the other waits for it or ends with 75',
    async () => void (await raceControllers(wanted(3))),
    { skip: whyNoLab('hosts'), timeoutMs: 600_000 },
  )
})

/** A hook stands for a person: it is between the plan and the act that steward looks again. */
const meanwhile = (verb: 'start' | 'stop', command: string) => ({ before: { [verb]: { command } } })

describe('somebody else at work during a run', test => {
  const skip = whyNoLab('hosts')
  const web = (title: string, stub: Stub, use: (tools: Tools) => Promise<void>) =>
    test(title, () => withStubs({ web: stub }, use), { skip, timeoutMs: 90_000 })

  web(
    'who starts the service first has started it: it is not started again',
    { keys: meanwhile('start', '/etc/init.d/web start') },
    async ({ run, calls, log }) => {
      const said = await run({ web: 'running' })
      assert.equal([said.code, changedBy(said)], [0, []], said.stdout)
      assert.match(said.stdout, /ok: \[web@one\] running/)
      assert.equal([calls('web'), births(log('web'))], [1, 1])
    },
  )

  web(
    'who takes its port is named, and it is not started',
    {
      port: 8001,
      keys: meanwhile(
        'start',
        `setsid perl /opt/stubd stranger port=8001 </dev/null >/dev/null 2>&1 &
      until netstat -tln | grep -q :8001; do sleep 0.01; done`,
      ),
    },
    async ({ run, calls }) => {
      const { code, stdout } = await run({ web: 'running' })
      assert.is(code, 2, stdout)
      assert.match(stdout, /failed: \[web@one\] changed since the plan: it was stopped; it is .*8001 .*stranger/)
      assert.is(calls('web'), 0)
    },
  )

  web(
    'who restarts what is to be stopped keeps it: the new process gets no signal',
    {
      keys: {
        ...meanwhile('stop', 'kill $(cat /run/web.pid); /etc/init.d/web start'),
        ...stopping('5s', 'TERM', '1s', 'KILL'),
      },
    },
    async ({ run, calls, log, pids, sh }) => {
      await sh('/etc/init.d/web start')
      await until(() => births(log('web')) === 1)
      const { code, stdout } = await run({ web: 'stopped' })
      const [pid] = await pids('web')
      assert.is(code, 2, stdout)
      assert.match(
        stdout,
        new RegExp(`changed since the plan: it was running: main pid \\d+; it is running: main pid ${pid}`),
      )
      assert.equal([calls('web', 'stop'), log('web').filter(line => line.startsWith(`${pid} `))], [0, [`${pid} born`]])
    },
  )

  web(
    'who stops what is to be stopped has stopped it: its script is not called',
    { keys: meanwhile('stop', 'kill $(cat /run/web.pid); while pgrep -f "^perl /opt/stubd"; do sleep 0.01; done') },
    async ({ run, calls, log, sh }) => {
      await sh('/etc/init.d/web start')
      await until(() => births(log('web')) === 1)
      const said = await run({ web: 'stopped' })
      assert.equal([said.code, changedBy(said), calls('web', 'stop')], [0, [], 0], said.stdout)
    },
  )

  web(
    'who kills what has just been started is told of, and it is not started again',
    { port: 8001, keys: { ready: { within: '9s', stable: '3s' }, after: { start: { command: 'true' } } } },
    async ({ begin, calls, sh, log }) => {
      const controller = begin({ web: 'running' }, { args: ['--json'] })
      await controller.shown(/holding for/)
      await sh('pkill -KILL -f "^perl /opt/stubd web"')
      const { code, stdout } = await controller.said
      assert.is(code, 2, stdout)
      assert.match(stdout, /"why":"it ran, and within [\d.]+ s it had died"/)
      assert.equal([calls('web'), births(log('web'))], [1, 1])
    },
  )
})
