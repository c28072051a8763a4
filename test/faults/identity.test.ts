import { readFileSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { readSignals, signalScript } from '../../lib/act/signal.js'
import type { Process } from '../../lib/model/observation.js'
import { installEstate } from '../lab/estate.js'
import { rightOf } from '../observe/either.js'
import { daemonPath } from './daemon.js'
import { describeFaults, endedBy, type Field, matches, type ServiceText, stoppedBy } from './field.js'
import { replacePath, replaceText } from './pids.js'
import { truthOn } from './truth.js'

describeFaults('a pid that is given to somebody else', test => {
  test('gets no signal that was meant for the first, however alike the second is', async field => {
    const signals = { SIGNALS: '/run/signals' }
    const pid = await field.start([daemonPath, '-Dapp'], signals)
    const [was, bootId] = await observed(field, pid)
    await replace(field, pid, [daemonPath, '-Dapp'], signals)
    const [is] = await observed(field, pid)
    assert.equal({ ...is, startTicks: 0, ageSeconds: 0 }, { ...was, startTicks: 0, ageSeconds: 0 })
    for (const name of ['TERM', 'KILL']) assert.is(await signalled(field, name, bootId, was), 'another')
    assert.ok(truthOn(field.host).has(pid))
    assert.is(await field.sh('cat /run/signals'), '')
    assert.is(await signalled(field, 'TERM', bootId, is), 'sent')
    await field.until('grep -q TERM /run/signals')
  })

  test('gets none where its arguments or its user are others though the start seems the same', async field => {
    const pid = await field.start([daemonPath, '-Dapp'])
    const [was, bootId] = await observed(field, pid)
    for (const argv of [
      [daemonPath, '-Dapp2'],
      ['setpriv', '--reuid', '1', daemonPath, '-Dapp'],
    ]) {
      await replace(field, pid, argv, {})
      const [is] = await observed(field, pid)
      const alike = { ...was, startTicks: is.startTicks }
      assert.is(await signalled(field, 'KILL', bootId, alike), 'another', argv.join(' '))
      assert.ok(truthOn(field.host).has(pid))
    }
  })

  test('gets no KILL when that happens between the TERM and the KILL of one stop', async field => {
    field.install(replacePath, replaceText)
    const pid = await field.start([daemonPath, '-Dapp'], { SIGNALS: '/run/signals' })
    const replacing = `$ENV{SIGNALS} = '/run/canary'; exec '${replacePath}', ${pid}, '${daemonPath}', '-Dapp'`
    const onTerm = `$| = 1; print "ready\\n"; select undef, undef, undef, 0.01 until -s '/run/signals'; ${replacing}`
    await field.start(['perl', '-e', onTerm])
    const { code, stdout } = await field.run(endedBy(portless, 'TERM', '10s', 'KILL'), 'stopped')
    assert.is(code, 2, stdout)
    matches(stdout, new RegExp(`failed: \\[app@${field.host.name}\\] restarted by something else: pid ${pid} `))
    assert.is(await field.sh('cat /run/signals /run/canary'), 'TERM')
    assert.ok(truthOn(field.host).has(pid))
  })
})

describeFaults('a pid file that names somebody innocent', test => {
  test('leads no signal to it', async field => {
    const innocent = await field.start([daemonPath, '-Dother'], { SIGNALS: '/run/innocent' })
    const pid = await field.start([daemonPath, '-Dapp'])
    await field.sh(`for name in app main daemon; do echo ${innocent} >/run/$name.pid; done`)
    field.install('/etc/init.d/app', '#!/bin/sh\nkill -0 "$(cat /run/app.pid)" && echo stopped\n')
    const service = endedBy({ ...portless, script: '/etc/init.d/app' }, 'TERM', '9s', 'KILL')
    const { code, stdout } = await field.run(service, 'stopped')
    assert.is(code, 0, stdout)
    assert.equal(sentTo(stdout), [pid])
    assert.ok(truthOn(field.host).has(innocent))
    assert.is(await field.sh('cat /run/innocent'), '')
  })
})

describeFaults('near twins of a service', test => {
  const program = '/srv/app/bin/app'
  const app = { processes: { main: { args: [program] } }, start: 'touch /run/started' }

  test('are not it, are not started over, and get no signal', async field => {
    const { host, start, status, sh } = field
    for (const path of [program, `${program}2`]) field.install(path, readFileSync(host.root + daemonPath, 'utf8'))
    const before = new Set(truthOn(host).keys())
    const since = () => [...truthOn(host).keys()].filter(pid => !before.has(pid))
    await start([`${program}2`])
    for (const arg of [`${program}.conf`, `-c${program}`, 'app', './app']) await start([daemonPath, arg])
    assert.is(await status(app), `0 ${host.name} app stopped`)

    await start(['tail', '-n1', '-f', program])
    for (const name of ['vi', 'less', 'sudo', 'strace', 'docker', 'unshare']) await start(calledAs(name, program))
    await sh(
      `mkfifo /srv/fifo; grep ${program} /srv/fifo >/dev/null 2>&1 </dev/null & sleep 600 >/srv/fifo 2>&1 </dev/null &`,
    )
    const doubt = /pid \d+ \(.*\) has the arguments of main, but does not seem to be it/
    matches(await status(app), new RegExp(`^0 ${host.name} app unknown ${doubt.source}$`))
    const refused = await field.run(app, 'running')
    assert.is(refused.code, 2, refused.stdout)
    matches(refused.stdout, new RegExp(`failed: \\[app@${host.name}\\] ${doubt.source}`))
    assert.is(await sh('ls /run/started || true'), '')

    const twins = since()
    const pid = await start([program])
    assert.is(await status(app), `0 ${host.name} app running main pid ${pid}`)
    const { stdout } = await field.run(endedBy(app, 'TERM', '9s', 'KILL'), 'stopped')
    assert.equal(sentTo(stdout), [pid])
    assert.equal(since().sort(), twins.sort())
  })
})

describeFaults('one daemon of several processes', test => {
  test(
    'is one instance where jsvc runs it, with its controller or without',
    async field => {
      await installEstate(field.host, ['worker'])
      await field.sh('/etc/init.d/enstratus-worker start')
      await field.until('test "$(grep -l initialised /services/worker/log/*.log | wc -l)" = 2')
      const statusOf = (name: string) =>
        field.status({ processes: { main: { args: [`/services/worker/bin/${name}`] } } })
      const pids = await field.sh(`pgrep -f 'jsvc.exec.* /services/worker/bin/publisher$'`)
      const [controller = '', child = '', ...others] = pids.split('\n')
      assert.equal(others, [])
      matches(await statusOf('publisher'), new RegExp(`app running main pid ${controller}$`))
      await field.sh(`kill -KILL ${controller}`)
      await field.until(`grep -q '^PPid:.1$' /proc/${child}/status`)
      matches(await statusOf('publisher'), new RegExp(`app running main pid ${child}$`))
      matches(await statusOf('subscriber'), /app running main pid \d+$/)
    },
    { needs: 'estate' },
  )

  test('is one instance with its prefork children, also when their parent is gone', async field => {
    const pid = await field.start([daemonPath, '-Dapp'], { LISTEN: '2013', CHILDREN: '3' })
    await field.until(`test "$(pgrep -P ${pid} | wc -l)" = 3`)
    const running = (leader: number) => `0 ${field.host.name} app running main pid ${leader}, port 2013`
    assert.is(await field.status(listening), running(pid))
    const children = (await field.sh(`pgrep -P ${pid}`)).split('\n').map(Number)
    await field.sh(`kill -KILL ${pid}`)
    await field.until(`! test -e /proc/${pid}`)
    assert.is(await field.status(listening), running(Math.min(...children)))
    const { code, stdout } = await field.run(endedBy(listening, 'TERM', '9s'), 'stopped')
    assert.is(code, 0, stdout)
    assert.equal(sentTo(stdout), children)
  })
})

describeFaults('a clock or a boot that changes', test => {
  for (const [tools, removed] of [
    ['/proc', ''],
    ['ps', 'grep'],
  ] as const)
    test(
      `makes no difference to what ${tools} shows, whatever the time and its zone`,
      async field => {
        if (removed !== '') await field.sh(`rm $(command -v ${removed})`)
        const pid = await field.start([daemonPath, '-Dapp'])
        const slow = { ...listening, ready: { within: '1h' } }
        const clean = await settled(field, slow, pid)
        assert.is(clean.verdict, 'starting: waiting for port 2013')
        const library = await field.sh('ls /usr/lib/*/faketime/libfaketime.so.1')
        const clock = (shift: string) =>
          `LD_PRELOAD=${library}\nFAKETIME=${shift}\nFAKETIME_DONT_FAKE_MONOTONIC=1\nTZ=Pacific/Auckland`
        const year = Number(await field.ssh('date +%Y'))
        for (const years of [10, -10]) {
          const shift = `${years > 0 ? '+' : ''}${years}y`
          writeFileSync(`${field.host.root}/root/.ssh/environment`, `${clock(shift)}\n`)
          assert.ok(Math.abs(Number(await field.ssh('date +%Y')) - year - years) <= 1, 'the clock is wrong')
          assert.equal(await settled(field, slow, pid), clean, shift)
        }
      },
      { sshd: ['PermitUserEnvironment yes'], needs: 'faults' },
    )

  test('starts nothing and says so where the time jumps between the look and the start', async field => {
    await field.sh('mv /usr/bin/date /usr/bin/date.real')
    const later = 'echo >>/run/calls; exec /usr/bin/date.real -d "now + $(wc -l </run/calls) hours" "$@"'
    field.install('/usr/bin/date', `#!/bin/sh\n${later}\n`)
    const start = `echo started >>/run/started; LISTEN=2013 ${daemonPath} -Dapp </dev/null >/dev/null 2>&1 &`
    const { code, stdout } = await field.run(
      { ...listening, start, ready: { within: '5s', stable: '100ms' } },
      'running',
    )
    assert.is(code, 2, stdout)
    matches(stdout, /not launched: by the clock of the host it was too late/)
    assert.is(await field.sh('ls /run/started || true'), '')
  })

  test('keeps signals from a process that was seen before the host was booted anew', async field => {
    const pid = await field.start([daemonPath, '-Dapp'], { SIGNALS: '/run/signals' })
    const stop = 'cat /proc/sys/kernel/random/uuid >/run/boot_id'
    const { code, stdout } = await field.run(stoppedBy(portless, { command: stop }, ['TERM', '1s', 'KILL']), 'stopped')
    assert.is(code, 2, stdout)
    matches(stdout, new RegExp(`failed: \\[app@${field.host.name}\\] .*pid ${pid} `))
    assert.equal(sentTo(stdout), [])
    assert.ok(truthOn(field.host).has(pid))
    assert.is(await field.sh('cat /run/signals'), '')
  })
})

/** What must be the same whenever it is seen. */
const settled = async (field: Field, service: ServiceText, wanted: number) => {
  const { verdict, processes } = await field.look(service)
  const process = processes._tag === 'Seen' ? processes.value.find(({ pid }) => pid === wanted) : undefined
  if (process === undefined) throw new Error(`pid ${wanted} was not seen`)
  const { ageSeconds, ...rest } = process
  return { verdict, isYoung: ageSeconds !== null && ageSeconds < 600, ...rest }
}

const portless = { processes: { main: { args: ['-Dapp'] } } }
const listening = { processes: { main: { args: ['-Dapp'], listens: 2013 } } }

/** The pids that a run says it has signalled. */
const sentTo = (stdout: string): readonly number[] =>
  [...stdout.matchAll(/sent \w+ to pid (\d+)/g)].map(match => Number(match[1]))

/** A program of another name, with these arguments after its own two. */
const calledAs = (name: string, ...args: readonly string[]): readonly string[] => {
  const own = ['-e', '$| = 1; print "ready\\n"; sleep 600']
  return ['perl', '-e', 'exec { "/usr/bin/perl" } @ARGV', name, ...own, ...args]
}

const observed = async (field: Field, wanted: number): Promise<readonly [Process, string | null]> => {
  const { processes, bootId } = await field.look(portless)
  const process = processes._tag === 'Seen' ? processes.value.find(({ pid }) => pid === wanted) : undefined
  if (process === undefined) throw new Error(`pid ${wanted} was not seen`)
  return [process, bootId]
}

/** Another process under the same number. */
const replace = async (field: Field, pid: number, argv: readonly string[], env: Readonly<Record<string, string>>) => {
  field.install(replacePath, replaceText)
  const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  await field.sh('rm -f /run/replaced; "$@"', 'env', ...settings, replacePath, `${pid}`, ...argv)
  await field.until('test -s /run/replaced')
}

/** By the very script that steward sends, through the host's sshd. */
const signalled = async ({ ssh }: Field, name: string, bootId: string | null, process: Process) => {
  const targets = [{ process, args: ['-Dapp'] }]
  const answer = await ssh(signalScript('f00', name, bootId, targets))
  return rightOf(readSignals('f00', targets, answer))[0]?.outcome
}
