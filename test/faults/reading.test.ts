import * as assert from 'uvu/assert'
import { printable } from '../../lib/report/printable.js'
import { daemonPath } from './daemon.js'
import { describeFaults, endedBy, type Field, matches } from './field.js'
import { truthOn } from './truth.js'

describeFaults('a process that lies in its name', test => {
  test('never passes for the owner of a port, whatever shows the sockets', async ({ start, status, sh, host }) => {
    const pid = await start([daemonPath, '-Dapp'])
    const liar = await start([daemonPath, '-Dliar'], { LISTEN: '2013', COMM: `x",pid=${pid},fd=3` })
    assert.is(await status(app), `0 ${host.name} app unknown port 2013 is open, and by whom could not be seen`)
    const foreign = `0 ${host.name} app foreign port 2013 is held by pid ${liar} (/usr/bin/perl ${daemonPath} -Dliar)`
    for (const tool of ['ss', 'netstat']) {
      await sh(`rm /usr/bin/${tool}`)
      assert.is(await status(app), foreign, `without ${tool}`)
    }
  })

  test('makes nothing of its own up by a line break in it', async ({ start, status, sh }) => {
    const row = 'x\nLISTEN 0 1 *:2013 *:* users:(("x",pid=1,fd=3))\ntcp 0 0 0.0.0.0:2013 0.0.0.0:* LISTEN 1/x'
    const argv = ['perl', '-e', `exec { "/usr/bin/perl" } @ARGV`, row, daemonPath, '-Dliar']
    await start(argv, { LISTEN: '2014', COMM: 'x\n*:2013' })
    for (const tool of ['ss', 'netstat', 'ps']) {
      matches(await status(app), /^0 host\d+ app (stopped|unknown no list of sockets: (ss|netstat) printed a line)/)
      await sh(`rm /usr/bin/${tool}`)
    }
    matches(await status(app), /^0 host\d+ app stopped$/)
  })
})

describeFaults('arguments that are hard to read', test => {
  const nasty = [
    '-Dapp',
    '',
    'two words',
    'new\nline\r',
    '\u001b[2J\u001b]0;title\u0007',
    '\u202egpj.exe',
    '\u0001\u007f',
  ]

  test('stay one record of one process each, and are escaped on the terminal', async field => {
    const pid = await field.start([daemonPath, ...nasty], { LISTEN: '2013' })
    const { verdict, processes } = await field.look(app)
    assert.is(verdict, `running: main pid ${pid}, port 2013`)
    assert.equal(argsOf(processes, pid), truthOn(field.host).get(pid)?.args)
    const { stdout } = await field.explain(app)
    assert.equal(
      stdout.split('\n').filter(line => printable(line) !== line),
      [],
    )
    matches(stdout, /new\\u\{a\}line\\u\{d\} \\u\{1b\}\[2J/)
  })

  test('stay so with bytes that are no text, and at the most that Linux takes', async field => {
    const bytes = `exec { $ARGV[0] } @ARGV, "\\xff\\xfe\\xc3(\\xed\\xa0\\x80"`
    const pid = await field.start(['perl', '-e', bytes, daemonPath, '-Dapp', 'x'.repeat(131_071)], { LISTEN: '2013' })
    const { verdict, processes } = await field.look(app)
    assert.is(verdict, `running: main pid ${pid}, port 2013`)
    assert.equal(argsOf(processes, pid), truthOn(field.host).get(pid)?.args)
  })

  test('are found and signalled by as they are', async field => {
    const service = { processes: { main: { args: nasty.slice(0, 5) } } }
    await field.start([daemonPath, ...nasty])
    const twin = await field.start([daemonPath, ...nasty.map(arg => arg.replace('\n', ' '))])
    const { code, stdout } = await field.run(endedBy(service, 'TERM', '9s'), 'stopped')
    assert.is(code, 0, stdout)
    assert.ok(truthOn(field.host).has(twin))
    assert.is(await field.sh('pgrep -fc [D]app'), '1')
  })
})

describeFaults('arguments that are cut', test => {
  const long = (count: number) => Array.from({ length: count }, (_, i) => `${i}`.padStart(99, 'x'))

  for (const [tool, link] of [
    ['BusyBox', 'busybox'],
    ['toybox', 'toybox'],
  ] as const)
    test(
      `prove no absence where the ps of ${tool} cuts them`,
      async ({ sh, start, status, run }) => {
        await sh(`rm /usr/bin/grep; ln -sf ${link} /usr/bin/ps`)
        matches(await status(portless), / app stopped$/)
        const pid = await start([daemonPath, ...long(40), '-Dapp'])
        const why = `the arguments of pid ${pid} are cut, so it may be any`
        matches(await status(portless), new RegExp(`^0 host\\d+ app unknown ${why}$`))
        const { code, stdout } = await run({ ...portless, start: 'touch /run/started' }, 'running')
        assert.is(code, 2, stdout)
        matches(stdout, new RegExp(`failed: \\[app@host\\d+\\] ${why}`))
        assert.is(await sh('ls /run/started || true'), '')
      },
      { needs: 'faults' },
    )

  for (const [bytes, where] of [
    [80, 'Solaris'],
    [4096, 'an old kernel'],
  ] as const)
    test(`prove no absence where ps shows ${bytes} bytes of them, as on ${where}`, async ({
      sh,
      install,
      start,
      status,
    }) => {
      await sh('mv /usr/bin/ps /usr/bin/whole; rm /usr/bin/grep')
      install('/usr/bin/ps', `#!/bin/sh\nwhole "$@" | perl -pe 's{(/usr/bin/perl .{${bytes - 14}}).*}{$1}'\n`)
      const pid = await start([daemonPath, ...long(50), '-Dapp'])
      matches(await status(portless), new RegExp(`^0 host\\d+ app unknown the arguments of pid ${pid} are cut`))
    })
})

describeFaults('a login that is not shown everything', test => {
  test(
    'says of a hidden owner that it is not known, and kills nobody',
    async ({ start, status, look, run, sh, host }) => {
      const pid = await start([daemonPath, '-Dapp'], { LISTEN: '2013', SIGNALS: '/run/signals' })
      assert.is(
        await status(app, { user: 'operator' }),
        `0 ${host.name} app unknown port 2013 is open, and by whom could not be seen`,
      )
      const { listeners } = await look(app, { user: 'operator' })
      assert.ok(
        listeners._tag === 'Seen' && listeners.value.some(({ port, owners }) => port === 2013 && owners === null),
      )
      for (const state of ['stopped', 'running'] as const) {
        const { code, stdout } = await run(endedBy({ ...app, start: 'false' }, 'TERM', 'KILL'), state, {
          user: 'operator',
        })
        assert.is(code, 2, stdout)
        matches(stdout, new RegExp(`failed: \\[app@${host.name}\\] port 2013 is open, and by whom could not be seen`))
      }
      assert.ok(truthOn(host).has(pid))
      assert.is(await sh('cat /run/signals'), '')
    },
    { users: ['operator'] },
  )

  test(
    'is refused a signal to a process of another user, and does not call it sent',
    async field => {
      const service = { processes: { main: { args: ['-Dapp'] } } }
      const pid = await field.start([daemonPath, '-Dapp'], { SIGNALS: '/run/signals' })
      const { code, stdout } = await field.run(endedBy(service, 'TERM', 'KILL'), 'stopped', { user: 'operator' })
      assert.is(code, 2, stdout)
      matches(stdout, new RegExp(`still there: pid ${pid} .*; pid ${pid} cannot be proved to be the process`))
      assert.not.match(stdout, 'sent TERM')
      assert.ok(truthOn(field.host).has(pid))
      assert.is(await field.sh('cat /run/signals'), '')
    },
    { users: ['operator'] },
  )
})

describeFaults('an address', test => {
  test('is the same whichever tool shows it', async ({ sh, start, look }) => {
    await sh('ip address add 2001:db8::1 dev lo')
    const binds = [
      '0.0.0.0:2001',
      '[::]:2002',
      '[::ffff:127.0.0.1]:2003',
      '127.0.0.1:2004',
      '[::1]:2005',
      '[2001:db8::1]:2006',
    ]
    const pid = await start([daemonPath], { LISTEN: binds.join(' ') })
    const onDevice = await start([daemonPath], { LISTEN: '127.0.0.1:2007 [::1]:2008 [::]:2009', DEVICE: 'lo' })
    const expected = [
      ...['* 2001', '* 2002', '127.0.0.1 2003', '127.0.0.1 2004', '::1 2005', '2001:db8::1 2006'].map(
        one => `${one} ${pid}`,
      ),
      ...['127.0.0.1 2007', '::1 2008', '* 2009'].map(one => `${one} ${onDevice}`),
    ]
    for (const tool of ['ss', 'netstat', 'none']) {
      const { listeners } = await look(app)
      if (listeners._tag === 'Unseen') throw new Error(listeners.why)
      const shown = listeners.value.map(({ address, port, owners }) => `${address} ${port} ${owners}`)
      assert.equal(shown.filter(one => / 20\d\d /.test(one)).sort(), [...expected].sort(), listeners.by)
      if (tool !== 'none') await sh(`rm /usr/bin/${tool}`)
    }
  })
})

describeFaults('a process that is there and does not run', test => {
  test('is no longer the service once it is a zombie', async ({ start, status, until, host }) => {
    const parent = await start(['perl', '-e', zombieOf(daemonPath)])
    await until(`grep -l 'State:.Z' $(grep -l 'PPid:.${parent}$' /proc/[0-9]*/status)`)
    assert.is(await status(portless), `0 ${host.name} app stopped`)
  })

  test('is not said to be stopped when its first thread has ended and others hold its port', async field => {
    const pid = await field.start(['perl', '-e', threadsOf(2013), '-Dapp'])
    await field.until(`grep -q 'State:.Z' /proc/${pid}/status`)
    matches(await field.status(app), /^0 host\d+ app unknown port 2013 is open, and by whom could not be seen$/)
  })

  test('is hung when a signal has stopped it, and is neither started again nor killed', async field => {
    const pid = await field.start([daemonPath, '-Dapp'], { LISTEN: '2013', SIGNALS: '/run/signals' })
    await field.sh(`kill -STOP ${pid}`)
    const why = `pid ${pid} is stopped by a signal`
    assert.is(await field.status(app), `0 ${field.host.name} app hung ${why}`)
    const { code, stdout } = await field.run({ ...app, start: 'touch /run/started' }, 'running')
    assert.is(code, 2, stdout)
    matches(stdout, new RegExp(`failed: \\[app@${field.host.name}\\] ${why}\\n.*kill -CONT ${pid}`))
    assert.is(await field.sh('ls /run/started || true; cat /run/signals'), '')
  })

  test('is running while the kernel holds it in an uninterruptible sleep', async ({ start, status, until, host }) => {
    // Until the child of a vfork(2) ends, its parent sleeps so.
    const pid = await start(['perl', '-e', vforking, '-Dapp'])
    await until(`grep -q 'State:.D' /proc/${pid}/status`)
    assert.is(await status(portless), `0 ${host.name} app running main pid ${pid}`)
  })
})

describeFaults("a container's twin of a service", test => {
  test('is not the service, beside it or alone, unless it is declared to be in one', async field => {
    // The launcher shows none of the arguments.
    const inside = `ip link set lo up; ${daemonPath} -Dapp & wait`
    field.install('/srv/container', `#!/bin/sh\nexec unshare --pid --net --fork --kill-child sh -c '${inside}'\n`)
    await field.start(['/srv/container'], { LISTEN: '2013' })
    assert.is(await field.status(app), `0 ${field.host.name} app stopped`)
    const twin = await field.sh('pgrep -f "^/usr/bin/perl .*[D]app$"')
    const contained = { processes: { main: { args: [daemonPath, '-Dapp'], contained: true } } }
    assert.is(await field.status(contained), `0 ${field.host.name} app running main pid ${twin}`)
    const pid = await field.start([daemonPath, '-Dapp'], { LISTEN: '2013', SIGNALS: '/run/signals' })
    assert.is(await field.status(app), `0 ${field.host.name} app running main pid ${pid}, port 2013`)
    const { code, stdout } = await field.run(endedBy(app, 'TERM', '100ms', 'KILL'), 'stopped')
    assert.is(code, 0, stdout)
    assert.is(await field.sh('pgrep -f "^/usr/bin/perl .*[D]app$"; cat /run/signals'), `${twin}\nTERM`)
  })

  test('is a stranger where it holds the port of the service on the same network', async field => {
    field.install(
      '/srv/container',
      `#!/bin/sh\nexec unshare --pid --fork --kill-child sh -c '${daemonPath} -Dapp & wait'\n`,
    )
    await field.start(['/srv/container'], { LISTEN: '2013' })
    matches(await field.status(app), /^0 host\d+ app foreign port 2013 is held by pid \d+ /)
  })
})

describeFaults('processes that come and go during a look', test => {
  test('make neither a running service anything else nor an absent one running', async field => {
    const churn = await field.start(['perl', '-e', '$| = 1; print "ready\\n"; for (;;) { fork or exit; wait }'])
    const busy = { isBusy: true } as const
    for (let round = 0; round < 2; round += 1)
      matches(await field.status(app, busy), /^0 host\d+ app (stopped$|unknown processes came and went )/)
    const pid = await field.start([daemonPath, '-Dapp'], { LISTEN: '2013' })
    for (let round = 0; round < 2; round += 1)
      assert.is(await field.status(app, busy), `0 ${field.host.name} app running main pid ${pid}, port 2013`)
    await field.sh(`kill ${churn}`)
  })

  test('do not make it see itself, whatever is declared', async field => {
    const shells = ['/bin/sh', 'sh', 'grep', '/usr/bin/grep', 'ss', '-lntp', 'cat', '/proc/self/stat']
    const names = shells.map((arg, i) => [`p${i}`, { args: [arg] }] as const)
    const likes = [
      ['like', { glob: ['/proc/*/stat'] }],
      ['any', { glob: ['*sh'] }],
      ['busy', { pattern: '^-a[zH]+$' }],
    ] as const
    const { verdict } = await field.look({ processes: Object.fromEntries([...names, ...likes]) })
    assert.is(verdict, 'stopped')
  })
})

const app = { processes: { main: { args: ['-Dapp'], listens: 2013 } } }
const portless = { processes: { main: { args: ['-Dapp'] } } }

const zombieOf = (program: string): string =>
  `$| = 1; my $child = fork; exec '${program}', '-Dapp' if !$child; print "ready\n"; sleep 1; kill KILL => $child; sleep 600`

/** exit(2), unlike exit_group(2), ends one thread; its number differs. */
const numberOf = { exit: process.arch === 'arm64' ? 93 : 60, clone: process.arch === 'arm64' ? 220 : 56 }

const threadsOf = (port: number): string =>
  `use threads; use Socket; socket my $s, PF_INET, SOCK_STREAM, 0; bind $s, pack_sockaddr_in(${port}, INADDR_ANY); listen $s, 5; ` +
  `threads->create(sub { sleep 600 }); $| = 1; print "ready\n"; syscall ${numberOf.exit}, 0`

/** clone(CLONE_VM | CLONE_VFORK | SIGCHLD) with the parent's own stack. */
const vforking = `$| = 1; print "ready\n"; syscall ${numberOf.clone}, 0x4111, 0, 0, 0, 0; sleep 600`

const argsOf = (processes: Awaited<ReturnType<Field['look']>>['processes'], wanted: number) =>
  processes._tag === 'Seen' ? processes.value.find(({ pid }) => pid === wanted)?.args : undefined
