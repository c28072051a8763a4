import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { Duplex } from 'node:stream'
import * as assert from 'uvu/assert'
import type { LabHost } from '../lab/host.js'
import type { Lab } from '../lab/lab.js'
import { withCuttingProxy } from '../remote/cutting-proxy.js'
import { clients } from './clients.js'
import { daemonPath } from './daemon.js'
import { describeFaults, endedBy, type Field, matches } from './field.js'
import { truthOn } from './truth.js'

describeFaults('a remote shell that lacks tools', test => {
  test(
    'finds what is in an sbin folder though the login has none in its PATH',
    async ({ start, sh, status, host }) => {
      await sh('mv /usr/bin/ss /usr/bin/netstat /usr/sbin/')
      await start([daemonPath, '-Dapp'], { LISTEN: '2013' })
      for (const path of ['/usr/bin:/bin', '/nonexistent', '.']) {
        writeFileSync(`${host.root}/root/.ssh/environment`, `PATH=${path}\n`)
        for (const client of clients) matches(await status(app, { client }), running)
      }
    },
    { sshd: ['PermitUserEnvironment yes'] },
  )

  for (const [lacking, tools] of [
    ['no ss', 'ss'],
    ['neither ss nor ps', 'ss ps'],
    ['no ss, no netstat and no ps', 'ss netstat ps'],
    ['no grep', 'grep'],
    ['no grep, no ss and no netstat', 'grep ss netstat'],
  ] as const)
    test(`sees what runs, and what does not, where there is ${lacking}`, async field => {
      await field.sh(removing(tools))
      assert.is(await field.status(app), `0 ${field.host.name} app stopped`)
      await field.start([daemonPath, '-Dapp'], { LISTEN: '2013' })
      for (const client of clients) matches(await field.status(app, { client }), running)
    })

  for (const [lacking, tools, why] of [
    ['process can be seen', 'grep ps', /no process table: ps failed or is not there/],
    ['socket can be seen', 'ss netstat cat', /no list of sockets: \/proc\/net\/tcp/],
  ] as const)
    test(`knows nothing and starts nothing where no ${lacking}`, async field => {
      await field.sh(removing(tools))
      matches(await field.status(startable), new RegExp(`^0 host\\d+ app unknown ${why.source}`))
      await startsNothing(field, why)
    })

  for (const [how, stub] of [
    ['print nothing and call it a success', 'exit 0'],
    ['are killed half way', `echo 'State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess'; kill -9 $$`],
    ['print an error and call it a success', 'echo "cannot open netlink socket"'],
  ] as const)
    test(`knows nothing and starts nothing where ss and netstat ${how}`, async field => {
      await field.sh('rm /usr/bin/ss /usr/bin/netstat /usr/bin/cat')
      for (const tool of ['ss', 'netstat']) field.install(`/usr/bin/${tool}`, `#!/bin/sh\n${stub}\n`)
      matches(await field.status(startable), /^0 host\d+ app unknown no list of sockets: /)
      await startsNothing(field, /no list of sockets/)
    })
})

describeFaults('a remote shell with a hostile environment', test => {
  for (const [tools, lacking] of [
    ['its best tools', ''],
    ['ps', 'grep'],
    ['netstat', 'ss'],
    ['/proc alone', 'ss netstat'],
  ] as const)
    test(
      `shows the same as a clean one, seen by ${tools}`,
      async field => {
        const long = 'x'.repeat(300)
        await field.sh(removing(lacking))
        await field.sh('ip address add 2001:db8:1:2:3:4:5:6 dev lo')
        await field.start([daemonPath, '-Dapp', long, 'I\u0131\u00e9'], { LISTEN: '2013 [2001:db8:1:2:3:4:5:6]:2014' })
        const clean = await sights(field)
        writeFileSync(`${field.host.root}/root/.ssh/environment`, hostile.join('\n'))
        for (const client of clients) assert.equal(await sights(field, client), clean)
        matches(clean[0], /^running: main pid \d+, port 2013$/)
      },
      { sshd: ['PermitUserEnvironment yes'] },
    )
})

describeFaults('a remote shell with functions in the place of tools', test => {
  test(
    'shows the same, starts what is to be started and signals only what is proved, where a login exports them to bash',
    async ({ sh, host, run }) => {
      await sh('ln -sf bash /bin/sh')
      const tools = ['cat', 'date', 'grep', 'id', 'kill', 'ls', 'netstat', 'ps', 'readlink', 'ss', 'tr', 'uname']
      const functions = tools.map(tool => `BASH_FUNC_${tool}%%=() { echo nonsense; }\n`)
      writeFileSync(`${host.root}/root/.ssh/environment`, functions.join(''))
      for (const client of clients) {
        const started = await run(daemonized, 'running', { client })
        assert.is(started.code, 0, started.stdout)
        const stopped = await run(endedBy(daemonized, 'TERM', '9s'), 'stopped', { client })
        assert.is(stopped.code, 0, stopped.stdout)
        matches(stopped.stdout, /sent TERM to pid \d+ /)
      }
    },
    { sshd: ['PermitUserEnvironment yes'] },
  )
})

describeFaults('a remote host without room', test => {
  for (const [what, script] of [
    ['a /tmp that is read-only', 'mount -t tmpfs -o ro tmp /tmp'],
    ['a /tmp that is full', 'mount -t tmpfs -o size=4k tmp /tmp; ! cat /dev/zero >/tmp/full'],
  ] as const)
    test(`is looked at and starts what is to be started in spite of ${what}`, async field => {
      await field.sh(script)
      for (const client of clients) {
        const { code, stdout } = await field.run(daemonized, 'running', { client })
        assert.is(code, 0, stdout)
        assert.is(await field.sh('pgrep -fc [D]app; pkill -f [D]app'), '1')
      }
    })

  test('is looked at, and told why nothing is done there, where there is no folder for its lock', async field => {
    await field.sh('for folder in /tmp /var/tmp /dev/shm /root; do mount --bind -o ro $folder $folder; done')
    for (const client of clients) {
      const { code, stdout } = await field.run(daemonized, 'running', { client })
      assert.is(code, 2, stdout)
      matches(stdout, /the host's lock cannot be taken: .* full, read-only or not permitted/)
      assert.is(await field.sh('pgrep -fc [D]app || true'), '0')
    }
  })

  test('says so when a start fails for want of it, and does not start twice', async ({ sh, run, host }) => {
    await sh('mount -t tmpfs -o size=4k tmp /tmp; ! cat /dev/zero >/tmp/full')
    const start = 'echo tried >>/run/tries; echo pid >/tmp/pid'
    for (const client of clients) {
      const { code, stdout } = await run({ ...app, start, ready: { within: '2s' } }, 'running', { client })
      assert.is(code, 2, stdout)
      matches(stdout, new RegExp(`failed: \\[app@${host.name}\\] .*stopped`))
      matches(stdout, /start command ended with 1 and printed:\n.*(I\/O error|No space left on device)/)
      assert.is(await sh('cat /run/tries; rm /run/tries'), 'tried')
    }
  })
})

describeFaults('an answer that is cut short or has no end', test => {
  test('is rejected whole, wherever the line is cut', async ({ lab, host, start, status }) => {
    await start([daemonPath, '-Dapp'], { LISTEN: '2013' })
    const key = readFileSync(`${host.root}/etc/ssh/ssh_host_ed25519_key.pub`, 'utf8')
    const throughProxy = (bytes: number, cut: 'end' | 'reset') =>
      new Promise<string>((resolve, reject) => {
        const look = async (port: number) => {
          appendFileSync(lab.knownHosts, `[127.0.0.1]:${port} ${key}`)
          resolve(await status(app, { port, isBusy: true }))
        }
        withCuttingProxy(() => lineTo(lab, host), bytes, cut, look).catch(reject)
      })
    matches(await throughProxy(Number.POSITIVE_INFINITY, 'end'), running)
    const places = [1000, 2000, 3000, 3500, 4000, 4500, 5000, 5500]
    const outcomes = await Promise.all(places.map((bytes, i) => throughProxy(bytes, i % 2 === 0 ? 'end' : 'reset')))
    for (const outcome of outcomes) matches(outcome, /^4 host\d+ app unreachable .*(connection|connected|ECONNRESET)/)
    for (const why of [/the host closed the connection$/, /the connection broke: (read|write) ECONNRESET$/])
      assert.ok(
        outcomes.some(outcome => why.test(outcome)),
        outcomes.join('\n'),
      )
  })

  for (const [end, shell, why] of [
    ['what passes it on stops half way', '/bin/sh "$@" | head -c 2000', 'its answer is cut short in the section \\w+'],
    ['the shell prints for ever', 'exec yes', 'it printed more than 8388608 bytes'],
    ['the shell complains for ever', 'exec yes >&2', 'it printed more than 8388608 bytes'],
  ] as const)
    test(`is rejected whole with the reason, and within bounds of memory, when ${end}`, async field => {
      await field.start([daemonPath, '-Dapp'], { LISTEN: '2013' })
      field.install('/srv/shell', `#!/bin/sh\n${shell}\n`)
      await field.sh('usermod -s /srv/shell root')
      for (const client of clients) {
        const { env, peak } = measured(field)
        matches(await field.status(app, { env, client }), new RegExp(`^4 host\\d+ app unreachable ${why}$`))
        assert.ok(peak() < 256 * 1024, `${peak()} kB`)
        await field.until('! pgrep -x yes')
      }
    })
})

const app = { processes: { main: { args: ['-Dapp'], listens: 2013 } } }
const running = /^0 host\d+ app running main pid \d+, port 2013$/
const daemonized = {
  ...app,
  start: `LISTEN=2013 ${daemonPath} -Dapp </dev/null >/dev/null 2>&1 &`,
  ready: { within: '20s', stable: '100ms' },
}
const startable = { ...app, start: 'touch /run/started' }

const removing = (tools: string): string =>
  tools === ''
    ? 'true'
    : `rm ${tools
        .split(' ')
        .flatMap(tool => `$(command -v ${tool})`)
        .join(' ')}`

/** By the other client than the look before it, as what is weighed is the same. */
const startsNothing = async ({ run, sh, host }: Field, why: RegExp): Promise<void> => {
  const { code, stdout } = await run(startable, 'running', { client: clients[1] })
  assert.is(code, 2, stdout)
  matches(stdout, new RegExp(`failed: \\[app@${host.name}\\] ${why.source}`))
  assert.is(await sh('ls /run/started || true'), '')
}

/** What does not change from one look to the next: the verdict, the sockets, and all processes that stay. */
const sights = async (field: Field, client: (typeof clients)[number] = clients[0]) => {
  const { verdict, processes, listeners } = await field.look(app, { client })
  if (processes._tag === 'Unseen') throw new Error(processes.why)
  const truth = truthOn(field.host)
  const rows = processes.value
    .filter(({ pid }) => truth.get(pid)?.ppid === 1)
    .map(({ ageSeconds: _age, state: _state, ...row }) => row)
  return [verdict, processes.by, rows, listeners] as const
}

const hostile = [
  ...['LC_ALL=tr_TR.UTF-8', 'LANG=xx', 'LANGUAGE=de', 'TZ=Pacific/Auckland', 'IFS=0123456789/'],
  ...['COLUMNS=80', 'LINES=3', 'PS_FORMAT=pid', 'PS_PERSONALITY=old', 'CMD_ENV=old', 'I_WANT_A_BROKEN_PS=1'],
  ...['POSIXLY_CORRECT=1', 'GREP_OPTIONS=-v', 'GREP_COLORS=mt=01', 'TIME_STYLE=+%s', 'QUOTING_STYLE=c'],
  ...['PROC_ROOT=/nonexistent', 'PROC_NET_TCP=/etc/hosts', 'TCPDIAG_FILE=/etc/hosts'],
  ...['ENV=/bin/false', 'BASH_ENV=/bin/false'],
]

/** How much memory a call of steward had at most, in kB, is told by itself when it ends. */
const measured = ({ lab, host }: Field) => {
  const report = `${lab.folder}/${host.name}-peak`
  const atExit = `process.on('exit', () => require('fs').writeFileSync('${report}', String(process.resourceUsage().maxRSS)))`
  writeFileSync(`${report}.cjs`, atExit)
  return { env: { NODE_OPTIONS: `--require=${report}.cjs` }, peak: () => Number(readFileSync(report, 'utf8')) }
}

/** From here into the lab's network. */
const lineTo = (lab: Lab, host: LabHost): Duplex => {
  const [file = '', ...args] = [...lab.enter, 'busybox', 'nc', host.address, `${host.port}`]
  const relay = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const line = Duplex.from({ writable: relay.stdin, readable: relay.stdout })
  line.on('close', () => relay.kill())
  return line
}
