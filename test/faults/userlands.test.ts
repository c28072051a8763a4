import * as assert from 'uvu/assert'
import { daemonPath } from './daemon.js'
import { describeFaults, endedBy, type Field, matches } from './field.js'
import { truthOn } from './truth.js'

describeFaults('a look at a host with', test => {
  for (const [userland, prepare, processesBy, socketsBy] of [
    ['procps and iproute2', 'true', '/proc', 'ss'],
    ['net-tools', 'rm /usr/bin/ss', '/proc', 'netstat'],
    ['neither', 'rm /usr/bin/ss /usr/bin/netstat /usr/bin/ps', '/proc', '/proc/net/tcp'],
    ['procps, and no grep', 'rm /usr/bin/grep', 'ps', 'ss'],
  ] as const)
    test(`${userland} shows what the kernel says`, async field => {
      await field.sh(prepare)
      await showsTheTruth(field, { processesBy, socketsBy })
    })

  for (const [userland, tools, without, processesBy, socketsBy] of [
    // Debian's netstat of BusyBox does not show owners.
    ['BusyBox and nothing else', 'busybox', '', '/proc', '/proc/net/tcp'],
    ['BusyBox, and no grep', 'busybox', 'grep', 'ps', '/proc/net/tcp'],
    ['toybox and a shell', 'toybox', '', '/proc', 'netstat'],
    ['toybox and a shell, and no grep', 'toybox', 'grep', 'ps', 'netstat'],
  ] as const)
    test(
      `${userland} shows what the kernel says`,
      async field => {
        await onlyWith(field, tools, without)
        await showsTheTruth(field, { processesBy, socketsBy })
      },
      { sshd: ['ChrootDirectory /only'], needs: 'faults' },
    )

  test(
    'nothing but a shell is no guess',
    async field => {
      await onlyWith(field, 'none', '')
      matches(await field.status(app), /^0 host\d+ app unknown no process table: ps failed or is not there/)
      const { code, stdout } = await field.run({ ...app, start: 'echo >/started' }, 'running')
      assert.is(code, 2, stdout)
      matches(stdout, new RegExp(`failed: \\[app@${field.host.name}\\] no process table`))
      assert.is(await field.sh('ls /only/started /started || true'), '')
    },
    { sshd: ['ChrootDirectory /only'] },
  )
})

describeFaults('a run on a host with BusyBox and nothing else', test => {
  test(
    'starts a service once and stops it by signals that are proved',
    async field => {
      await onlyWith(field, 'busybox', '')
      const service = {
        processes: { main: { args: ['sleep', '4242'] } },
        start: 'sleep 4242 </dev/null >/dev/null 2>&1 &',
      }
      const quick = { ...service, ready: { within: '20s', stable: '100ms' } }
      for (let round = 0; round < 2; round += 1) {
        const { code, stdout } = await field.run(quick, 'running')
        assert.is(code, 0, stdout)
      }
      assert.is(await field.sh('pgrep -fc "^sleep 4242"'), '1')
      const twin = await field.sh('sleep 4243 </dev/null >/dev/null 2>&1 & echo $!')
      const { code, stdout } = await field.run(endedBy(quick, 'TERM', '9s'), 'stopped')
      assert.is(code, 0, stdout)
      assert.is(await field.sh('pgrep -f "^sleep 424"'), twin)
    },
    { sshd: ['ChrootDirectory /only'] },
  )
})

const app = { processes: { main: { args: ['-Dapp'], listens: 2013 } } }

/** A root for logins that holds these tools and a shell; the processes are the host's. */
const onlyWith = async ({ sh }: Field, tools: 'busybox' | 'toybox' | 'none', without: string): Promise<void> => {
  await sh(`
    set -e
    usermod -s /bin/sh root
    for folder in bin proc dev etc root tmp run; do mkdir -p /only/$folder; done
    mount --rbind /proc /only/proc
    mount --bind /dev /only/dev
    grep -E '^(root|daemon):' /etc/passwd >/only/etc/passwd`)
  // BusyBox' own shell has its tools even where they are not installed.
  if (tools === 'busybox' && without === '') await sh('cp /bin/busybox /only/bin/sh')
  else
    await sh(
      'cp /bin/dash /only/bin/sh; for folder in /lib /lib64; do mkdir -p /only$folder; mount --bind $(readlink -f $folder) /only$folder; done',
    )
  if (tools === 'none') return
  await sh(`cp /bin/${tools} /only/bin/
    for name in $(${tools}${tools === 'busybox' ? ' --list' : ''}); do
      case $name in sh | busybox | toybox) ;; *) ln -s ${tools} /only/bin/$name ;; esac
    done`)
  if (without !== '') await sh(`rm /only/bin/${without}`)
}

const showsTheTruth = async (field: Field, by: Readonly<{ processesBy: string; socketsBy: string }>): Promise<void> => {
  const { start, sh, host, look } = field
  await sh('ip address add 2001:db8:1:2:3:4:5:6 dev lo')
  const addresses = ['127.0.0.1 2014', '2001:db8:1:2:3:4:5:6 2016', '::1 2015', '* 2013']
  const LISTEN = '2013 127.0.0.1:2014 [::1]:2015 [2001:db8:1:2:3:4:5:6]:2016'
  const pid = await start([daemonPath, '-Dapp', 'two words', '', 'x'.repeat(300)], { LISTEN })
  await start(['setpriv', '--reuid', '1', '--clear-groups', daemonPath, 'of another user'])
  const truth = truthOn(host)
  const { processes, listeners, verdict } = await look(app)
  if (processes._tag === 'Unseen') throw new Error(processes.why)
  if (listeners._tag === 'Unseen') throw new Error(listeners.why)
  assert.is(verdict, `running: main pid ${pid}, port 2013`)
  assert.equal([processes.by, listeners.by], [by.processesBy, by.socketsBy])
  assert.equal(
    shown(
      processes.value.filter(({ pid }) => truth.has(pid)),
      by.processesBy,
    ),
    shown([...truth.values()], by.processesBy),
  )
  const own = listeners.value.filter(({ owners }) => owners?.includes(pid))
  assert.equal(
    own.map(({ address, port, owners }) => `${address} ${port} ${owners}`).sort(),
    addresses.map(one => `${one} ${pid}`).sort(),
  )
  const sshd = [...truth.values()].find(({ args }) => args[0]?.startsWith('sshd'))?.pid
  assert.equal(
    listeners.value.filter(one => !own.includes(one)),
    [1, 2].map(() => ({ address: '*', port: 22, owners: [sshd] })),
  )
}

type Shown = Readonly<{
  pid: number
  ppid: number
  uid: number | null
  startTicks: number | null
  args: readonly string[]
}>

/** `ps` joins arguments by spaces. */
const shown = (processes: readonly Shown[], tool: string) =>
  [...processes]
    .sort((a, b) => a.pid - b.pid)
    .map(({ pid, ppid, uid, startTicks, args }) =>
      tool === 'ps'
        ? { pid, ppid, words: args.join(' ').split(/\s+/).filter(Boolean) }
        : { pid, ppid, uid, startTicks, args },
    )
