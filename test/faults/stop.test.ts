import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { births, type Stub, stopping, type Tools, until, withStubs } from './stubs.js'

const stopped = { web: 'stopped' } as const

describe('a stop', test => {
  const skip = whyNoLab('hosts')
  /** Beside the service runs another one, whose name and arguments begin as its own do. */
  const web = (title: string, stub: Stub, use: (tools: Tools) => Promise<void>) =>
    test(
      title,
      () =>
        withStubs({ web: stub, web2: {} }, async tools => {
          await tools.sh('/etc/init.d/web start; /etc/init.d/web2 start')
          await until(() => births([...tools.log('web'), ...tools.log('web2')]) === 2)
          await use(tools)
          assert.is(tools.log('web2').length, 1, 'the other one got a signal')
          assert.is((await tools.pids('web2')).length, 1)
        }),
      { skip, timeoutMs: 90_000 },
    )

  web(
    'whose script calls it done has failed where the service is still there, and no signal is sent that is not declared',
    { stop: 'echo "web stopped: OK"', keys: stopping('2s') },
    async ({ run, calls, log }) => {
      const { code, stdout } = await run(stopped)
      assert.is(code, 2, stdout)
      assert.match(stdout, /failed: \[web@one\] still there: pid \d+/)
      assert.match(stdout, 'script ended with 0 and printed:\n    web stopped: OK\n')
      assert.match(stdout, 'declare what may be sent to them')
      assert.equal([calls('web', 'stop'), log('web').length], [1, 1])
    },
  )

  web(
    'whose script calls it failed has worked where the service is seen to be gone, and what the script says is told',
    { stop: 'kill "$(cat $pidfile)"; exit 3', keys: stopping('5s') },
    async ({ run }) => {
      const { code, stdout } = await run(stopped)
      assert.is(code, 0, stdout)
      assert.match(stdout, /\[web@one\] script ended with 3$/m)
      assert.equal(changedBy({ code, stdout, stderr: '' }), ['web@one'])
    },
  )

  web(
    'kills what is deaf to TERM, where that is declared, and nobody else',
    { daemon: 'deaf=1', keys: stopping('2s', 'TERM', '1s', 'KILL') },
    async ({ run, pids, log }) => {
      const [pid] = await pids('web')
      const { code, stdout } = await run(stopped)
      assert.is(code, 0, stdout)
      for (const signal of ['TERM', 'KILL'])
        assert.match(stdout, new RegExp(`\\[web@one\\] sent ${signal} to pid ${pid} `))
      assert.equal(log('web').slice(1), [`${pid} got TERM`, `${pid} got TERM`], "the script's, and ours")
      assert.equal(await pids('web'), [])
    },
  )

  test(
    'has failed where what is deaf to TERM may not be killed, or where even KILL does not end it, and says so',
    () =>
      withStubs({ deaf: { daemon: 'deaf=1', keys: byHand('TERM') }, stuck }, async ({ run, pids, log, sh }) => {
        await sh('/etc/init.d/deaf start; /etc/init.d/stuck start')
        await until(async () => births(log('deaf')) === 1 && (await sh('cat /run/mute')).includes('asked'))
        const [[deaf], [stuck]] = [await pids('deaf'), await pids('stuck')]
        const { code, stdout } = await run({ deaf: 'stopped', stuck: 'stopped' })
        assert.is(code, 2, stdout)
        assert.match(
          stdout,
          new RegExp(`failed: \\[deaf@one\\] still there: pid ${deaf} .*\n +see why they do not end`),
        )
        assert.match(
          stdout,
          new RegExp(`failed: \\[stuck@one\\] still there: pid ${stuck} .*\n +see why they do not end`),
        )
        assert.equal(stdout.match(/sent \w+ to pid \d+/g)?.sort(), [
          `sent KILL to pid ${stuck}`,
          `sent TERM to pid ${deaf}`,
        ])
        assert.is(await sh(`cut -d ' ' -f 3 /proc/${stuck}/stat`), 'D')
        assert.equal(await pids('deaf'), [deaf])
      }),
    { skip, timeoutMs: 90_000 },
  )

  web(
    'is not fought over with whatever restarts the service: one signal, and the failure says what happened',
    { daemon: 'respawns=1', keys: stopping('5s', 'TERM', '1s', 'KILL') },
    async ({ run, pids, log }) => {
      const [pid] = await pids('web')
      const { code, stdout } = await run(stopped)
      assert.is(code, 2, stdout)
      const [other, ...more] = await pids('web')
      assert.match(stdout, new RegExp(`failed: \\[web@one\\] restarted by something else: pid ${other} `))
      assert.match(stdout, 'find what restarts it; it is not fought')
      assert.equal(more, [])
      assert.equal(
        log('web').filter(line => line.includes(' got ')),
        [`${pid} got TERM`],
      )
    },
  )
})

/** Without a script, so that there is nothing to wait for before the signals. */
const byHand = (...then: readonly string[]) => ({ script: undefined, ...stopping('2s', ...then) })

/** Waits for a file system that never answers. */
const stuck: Stub = {
  start: `mknod /dev/fuse c 10 229; perl /opt/mute-files /mnt </dev/null >/run/mute 2>&1 &
  until [ -s /run/mute ]; do sleep 0.01; done; $daemon`,
  daemon: 'stuck=/mnt/x',
  keys: byHand('KILL'),
}
