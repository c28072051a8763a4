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
  const portless = { processes: { main: { args: ['-Dapp'] } }, start: 'touch /run/started' }
  const long = (count: number) => Array.from({ length: count }, (_, i) => `${i}`.padStart(99, 'x'))

  for (const [tool, link] of [
    ['BusyBox', 'busybox'],
    ['toybox', 'toybox'],
  ] as const)
    test(`prove no absence where the ps of ${tool} cuts them`, async ({ sh, start, status, run }) => {
      await sh(`rm /usr/bin/grep; ln -sf ${link} /usr/bin/ps`)
      matches(await status(portless), / app stopped$/)
      const pid = await start([daemonPath, ...long(40), '-Dapp'])
      const why = `the arguments of pid ${pid} are cut, so it may be any`
      matches(await status(portless), new RegExp(`^0 host\\d+ app unknown ${why}$`))
      const { code, stdout } = await run(portless, 'running')
      assert.is(code, 2, stdout)
      matches(stdout, new RegExp(`failed: \\[app@host\\d+\\] ${why}`))
      assert.is(await sh('ls /run/started || true'), '')
    })

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

const app = { processes: { main: { args: ['-Dapp'], listens: 2013 } } }

const argsOf = (processes: Awaited<ReturnType<Field['look']>>['processes'], wanted: number) =>
  processes._tag === 'Seen' ? processes.value.find(({ pid }) => pid === wanted)?.args : undefined
