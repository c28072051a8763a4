import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { births, type Stub, type Tools, until, withStubs } from './stubs.js'

const ready = (within: string, stable = '0s') => ({ ready: { within, stable } })
const running = { web: 'running' } as const

describe('a start', test => {
  const skip = whyNoLab('hosts')
  const web = (title: string, stub: Stub, use: (tools: Tools) => Promise<void>) =>
    test(title, () => withStubs({ web: stub }, use), { skip, timeoutMs: 90_000 })

  web(
    'that ends with 0, of a daemon that dies three seconds later, has failed, with what the script printed',
    { port: 8001, daemon: 'dies=3', start: '$daemon; echo "web started, see /var/log/web"', keys: ready('9s', '4s') },
    async ({ run, calls, log }) => {
      const { code, stdout } = await run(running)
      assert.is(code, 2, stdout)
      assert.match(stdout, /failed: \[web@one\] it ran, and within [\d.]+ s it had died\n/)
      assert.match(stdout, 'script ended with 0 and printed:\n    web started, see /var/log/web\n')
      assert.equal([calls('web'), births(log('web'))], [1, 1])
    },
  )

  web(
    'is given once to a script that makes a copy with each, by one run, by the next, and while its port is not open yet',
    { port: 8001, daemon: 'opens=2', keys: ready('9s') },
    async ({ begin, run, calls, log, pids }) => {
      const first = begin(running)
      await until(async () => (await pids('web')).length > 0)
      const second = await run(running)
      assert.equal([second.code, changedBy(second)], [0, []], second.stdout)
      assert.equal(changedBy(await first.said), ['web@one'])
      assert.equal(changedBy(await run(running)), [])
      assert.equal([calls('web'), births(log('web'))], [1, 1])
    },
  )

  web(
    'that keeps the output it was given open does not hold the run',
    { port: 8001, start: 'setsid perl /opt/stubd web port=8001 & echo started', keys: ready('9s') },
    async ({ run, calls }) => {
      const { code, stdout } = await run(running)
      assert.is(code, 0, stdout)
      assert.is(calls('web'), 1)
    },
  )

  web(
    'that hangs and brings nothing up has failed when its time is over, and is not given again while it hangs',
    { port: 8001, start: 'sleep 600', keys: ready('2s') },
    async ({ run, calls }) => {
      const first = await run(running)
      assert.is(first.code, 2, first.stdout)
      assert.match(first.stdout, /failed: \[web@one\] it is not running after 2 s; .* its start command, pid \d+/)
      const second = await run(running)
      assert.match(second.stdout, /failed: \[web@one\] its start command, pid \d+, has been running for \d+ s/)
      assert.equal([second.code, calls('web')], [2, 1])
    },
  )

  web(
    'that hangs is no failure where what it was to bring up is seen to run',
    { port: 8001, start: '$daemon; sleep 600', keys: ready('9s') },
    async ({ run, calls }) => {
      assert.is((await run(running)).code, 0)
      assert.equal([(await run(running)).code, calls('web')], [0, 1])
    },
  )

  web(
    'whose script calls it failed has worked where the service is seen to run, and what the script says is told',
    { port: 8001, start: '$daemon; echo "cannot start web" >&2; exit 7', keys: ready('9s', '1s') },
    async ({ run, calls }) => {
      const { code, stdout } = await run(running)
      assert.is(code, 0, stdout)
      assert.match(stdout, /changed: \[web@one\] running/)
      assert.match(stdout, /\[web@one\] script ended with 7$/m)
      assert.equal([calls('web', 'start'), calls('web', 'status')], [1, 0])
    },
  )

  web(
    'whose script calls it done, and whose status says that it runs, has failed where nothing is seen to run',
    { port: 8001, start: 'echo "web started: OK"', keys: ready('2s') },
    async ({ run, calls }) => {
      const { code, stdout } = await run(running)
      assert.is(code, 2, stdout)
      assert.match(stdout, 'failed: [web@one] it is not running after 2 s; it is stopped\n')
      assert.match(stdout, 'script ended with 0 and printed:\n    web started: OK\n')
      assert.match(stdout, 'it was started once and is not started again: name its log in the catalog')
      assert.equal([calls('web', 'start'), calls('web', 'status')], [1, 0])
    },
  )

  web('is refused where a stranger has its port, who is named', { port: 8001 }, async ({ run, calls, sh }) => {
    await sh('setsid perl /opt/stubd stranger port=8001 </dev/null >/dev/null 2>&1 &')
    await until(async () => (await sh('netstat -tln')).includes(':8001'))
    const { code, stdout } = await run(running)
    assert.is(code, 2, stdout)
    assert.match(stdout, /failed: \[web@one\] port 8001 is held by pid \d+ \(perl .*stranger/)
    assert.match(stdout, 'end that process, or give web another port')
    assert.is(calls('web'), 0)
  })

  web(
    'that takes longer than it may has failed, and is not given again, whatever is run while it takes its time',
    { port: 8001, daemon: 'opens=60', keys: ready('2s') },
    async ({ run, calls, log }) => {
      const first = await run(running)
      assert.is(first.code, 2, first.stdout)
      assert.match(first.stdout, 'failed: [web@one] it is not running after 2 s; it is ')
      assert.match(first.stdout, 'it was started once and is not started again: name its log in the catalog')
      const second = await run(running)
      assert.match(second.stdout, /failed: \[web@one\] pid \d+ is \d+ s old and port 8001 is not open/)
      assert.equal([second.code, calls('web'), log('web').length], [2, 1, 1])
    },
  )
})
