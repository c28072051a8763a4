import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { births, type Stub, stopping, type Tools, until, withStubs } from './stubs.js'

const stopped = { web: 'stopped' } as const

describe('a stop', test => {
  const skip = whyNoLab('hosts')
  /** Beside the service runs another one, whose name and arguments begin as its own do. */
  const web = (title: string, stub: Stub, use: (tools: Tools) => Promise<void>, why = skip) =>
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
      { skip: why },
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

  web(
    'has failed where what is deaf to TERM may not be killed',
    { daemon: 'deaf=1', keys: stopping('2s', 'TERM') },
    async ({ run, pids }) => {
      const [pid] = await pids('web')
      const { code, stdout } = await run(stopped)
      assert.is(code, 2, stdout)
      assert.match(stdout, new RegExp(`failed: \\[web@one\\] still there: pid ${pid} `))
      assert.not.match(stdout, 'KILL')
      assert.equal(await pids('web'), [pid])
    },
  )

  web(
    'has failed where even KILL does not end it, and says so',
    {
      start:
        'mknod /dev/fuse c 10 229; perl /opt/mute-files /mnt </dev/null >/run/mute 2>&1 & until [ -s /run/mute ]; do sleep 0.01; done; $daemon',
      daemon: 'stuck=/mnt/x',
      keys: stopping('2s', 'KILL'),
    },
    async ({ run, pids, sh }) => {
      const [pid] = await pids('web')
      await until(async () => (await sh('cat /run/mute')).includes('asked'))
      const { code, stdout } = await run(stopped)
      assert.is(code, 2, stdout)
      assert.match(stdout, new RegExp(`sent KILL to pid ${pid} `))
      assert.match(stdout, new RegExp(`failed: \\[web@one\\] still there: pid ${pid} [sS]*see why they do not end`))
      assert.is(await sh(`cut -d ' ' -f 3 /proc/${pid}/stat`), 'D')
      assert.equal(await pids('web'), [pid])
    },
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
