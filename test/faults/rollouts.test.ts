import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { changedBy } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { whyNoLab } from '../lab/packages.js'
import { output } from '../lab/run.js'
import { births, type Stubs, sharedStubs, type Tools, until, withStubs } from './stubs.js'

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

const stopAll = { hosts: 'all', catalog: 'catalog.yml', services: { web: 'stopped' } }

/** An inventory in which the way to this host leads through a proxy that keeps everything for a while. */
const withSlow = async ({ lab, host }: Tools, name: string, use: (inventory: string) => Promise<void>) => {
  const { address, root } = host(name)
  const script = fileURLToPath(new URL('slow-proxy.js', import.meta.url))
  const [enter = '', ...rest] = lab.enter
  const proxy = spawn(enter, [...rest, process.execPath, script, address, '100'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const [said] = await once(proxy.stdout, 'data')
    const port = Number(said)
    const key = readFileSync(`${root}/etc/ssh/ssh_host_ed25519_key.pub`, 'utf8')
    appendFileSync(lab.knownHosts, `[127.0.0.1]:${port} ${key}`)
    const inventory = `${lab.folder}/slow.yml`
    const direct = `ansible_host: "${address}"`
    const text = readFileSync(lab.inventory, 'utf8')
    assert.match(text, direct)
    writeFileSync(inventory, text.replace(direct, `ansible_host: 127.0.0.1\n      ansible_port: ${port}`))
    await use(inventory)
  } finally {
    proxy.stdin.end()
  }
}

describe('a rollout over real hosts', test => {
  const onTwelve = sharedStubs(stubs, twelve, 2)
  test(
    'that loses a host midway stops, says where all are, and is taken up again without restarting anything twice',
    () =>
      onTwelve(async tools => {
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
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'has looked at all hosts that answer, the slow one too, while it still waits for the dead, and stops them then',
    () =>
      onTwelve(async tools => {
        const { lab, host } = tools
        const [swallowing, mute, slow] = ['h1', 'h2', 'h3']
        await withSlow(tools, slow, async inventory => {
          // What comes gets there, and no answer gets back; who connects is taken, and never spoken to.
          await tools.sh('ip route add blackhole 198.18.0.1', swallowing)
          await tools.sh('kill -STOP "$(cat /run/sshd.pid)"', mute)
          writeFileSync(`${lab.folder}/stop.yml`, JSON.stringify([stopAll]))
          const patient = ['--connect-timeout', '60s', '--handshake-timeout', '60s']
          // The dead and the slow one come first, and leave one slot to all others.
          const args = ['run', `${lab.folder}/stop.yml`, '-i', inventory, '-f', '4', '--json', ...patient]
          const running = tools.call(args)
          await running.shown(/(?:"HostObserved"[\s\S]*){10}/)
          await tools.sh('kill -KILL "$(cat /run/sshd.pid)"', mute)
          await tools.sh('kill -KILL "$(cat /run/sshd.pid)"; ip route del blackhole 198.18.0.1', swallowing)
          const { code, stdout, stderr } = await running.said
          assert.is(code, 4, stdout + stderr)
          const events = stdout
            .trim()
            .split('\n')
            .map(line => JSON.parse(line))
          const looked = events.filter(({ _tag }) => _tag === 'HostObserved' || _tag === 'HostUnreachable')
          const answering = twelve.filter(name => name !== swallowing && name !== mute)
          assert.equal(
            looked
              .slice(0, 10)
              .map(({ host }) => host)
              .sort(),
            [...answering].sort(),
          )
          assert.equal(
            looked
              .slice(10)
              .map(({ host, _tag }) => `${_tag} ${host}`)
              .sort(),
            [`HostUnreachable ${swallowing}`, `HostUnreachable ${mute}`],
          )
          const stopped = events.filter(({ _tag, changed }) => _tag === 'StepSucceeded' && changed)
          assert.equal(stopped.map(({ id }) => id).sort(), answering.map(name => `web@${name}`).sort())
          for (const name of answering) assert.equal(await tools.pids('web', name), [], host(name).name)
        })
      }),
    { skip, timeoutMs: 60_000 },
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
