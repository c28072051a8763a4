import * as assert from 'uvu/assert'
import { changedBy, recapOf, type Said, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { upEstate } from '../lab/estate.js'
import type { LabHost } from '../lab/host.js'
import { whyNoLab } from '../lab/packages.js'

describe('enStratus on four machines, over SSH', test => {
  const skip = whyNoLab('estate')

  test(
    'starts in order, changes nothing the second time, brings back what was killed, and stops',
    () =>
      withEstate(async ({ run, status, host, commands }) => {
        const first = await run('start-all')
        assert.is(first.code, 0, first.stdout)
        assert.equal(changedBy(first), all)
        assert.is(recapOf(first, 'monitor1'), 'monitor1 : ok=2 changed=2 unreachable=0 failed=0 skipped=0')
        await assertEvidence(await status(), host)

        const before = await commands()
        const second = await run('start-all')
        assert.is(second.code, 0, second.stdout)
        assert.equal(changedBy(second), [])
        assert.equal(added(before, await commands()), { km1: 1, dispatcher1: 1, monitor1: 1, console1: 1 })

        const was = pidsOf(await status())
        await sh(host('monitor1'), `kill $(pgrep -f '[b]in/poll Dns 1$')`)
        await sh(host('dispatcher1'), 'kill -9 $(pgrep java)')
        await gone(host('dispatcher1'), 'java')
        assert.match((await runStatus(status)).join('\n'), 'poll 28/29: missing Dns')
        const third = await run('start-all')
        assert.is(third.code, 0, third.stdout)
        assert.equal(changedBy(third), ['dispatcher@dispatcher1', 'monitor@monitor1'])
        const { kept, fresh } = compare(was, pidsOf(await status()))
        assert.equal(fresh, ['dispatcher@dispatcher1 tomcat', 'monitor@monitor1 Dns'])
        assert.is(kept.length, 37 - 2)

        const last = await run('stop-all')
        assert.is(last.code, 0, last.stdout)
        assert.match(last.stdout, /dispatcher@dispatcher1\] stopped; pinger stays by design/)
        assert.is(await sh(host('dispatcher1'), `pgrep -fc '[b]in/pinger$'`), '1')
        for (const name of ['km1', 'monitor1', 'console1']) assert.is(await sh(host(name), `pgrep -c 'java|jsvc'`), '0')
        assert.is(await sh(host('monitor1'), `pgrep -fc '[m]onitor/bin/'`), '0')
      }),
    { skip, timeoutMs: 240_000 },
  )

  test(
    'calls a second copy a duplicate and a stranger on the port foreign, and touches neither',
    () =>
      withEstate(async ({ run, host }) => {
        await sh(host('km1'), '/etc/init.d/enstratus-km start; /etc/init.d/enstratus-km start')
        await sh(
          host('dispatcher1'),
          `setsid perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>5,LocalPort=>3302)||die;sleep' </dev/null >/dev/null 2>&1 &`,
        )
        await until(host('dispatcher1'), 'netstat -tln | grep -q :3302')
        const refused = await run('start-all')
        assert.is(refused.code, 2, refused.stdout)
        assert.match(refused.stdout, /failed: \[km@km1\] 2 copies of tomcat: pid \d+, \d+/)
        assert.match(refused.stdout, /failed: \[dispatcher@dispatcher1\] port 3302 is held by pid \d+ \(perl/)
        assert.match(refused.stdout, /skipped: .*\bconsole\b.* it comes after dispatcher@dispatcher1/)
        assert.equal(changedBy(refused), [])
        assert.is(await sh(host('km1'), 'pgrep -c java'), '2')
        assert.is(await sh(host('dispatcher1'), 'pgrep -c perl'), '1')

        const stopped = await run('stop-km')
        assert.is(stopped.code, 0, stopped.stdout)
        assert.is(await sh(host('km1'), 'pgrep -c java'), '0')
      }),
    { skip, timeoutMs: 120_000 },
  )
})

const all = [
  'api@console1',
  'console@console1',
  'dispatcher@dispatcher1',
  'km@km1',
  'monitor@monitor1',
  'worker@monitor1',
]

type Tools = Readonly<{
  run: (playbook: string) => Promise<Said>
  status: () => Promise<readonly Status[]>
  host: (name: string) => LabHost
  /** How many commands each host's sshd has run so far. */
  commands: () => Promise<Readonly<Record<string, number>>>
}>

type Status = Readonly<{
  host: string
  service: string
  verdict: string
  evidence: Readonly<{
    instances: readonly Readonly<{
      instance: Readonly<{ label: string; args: readonly string[]; listens: readonly Readonly<{ port: number }>[] }>
      copies: readonly (readonly Readonly<{ pid: number; startTicks: number }>[])[]
    }>[]
  }>
}>

const withEstate = async (use: (tools: Tools) => Promise<void>): Promise<void> => {
  // The worker's script is called by its other name here; the one catalog knows both.
  const lab = await upEstate({ workerScript: 'enstratus-workers' })
  const call = (args: readonly string[]) =>
    steward([...args, '-i', lab.inventory], { enter: lab.enter, env: { ...lab.env, SSH_AUTH_SOCK: '' } })
  const host = (name: string): LabHost => {
    const found = lab.hosts.get(name)
    if (found === undefined) throw new Error(`no host ${name}`)
    return found
  }
  try {
    await use({
      run: playbook => call(['run', `playbooks/${playbook}.yml`]),
      status: async () => JSON.parse((await call(['status', '--json'])).stdout),
      host,
      commands: async () => {
        const counts = [...lab.hosts].map(
          async ([name, one]) =>
            [name, Number(await sh(one, `grep -c 'Starting session: command' /var/log/sshd.log`))] as const,
        )
        return Object.fromEntries(await Promise.all(counts))
      },
    })
  } finally {
    await lab.down()
  }
}

/** Every pid in the evidence is what the host's own /proc says, and every declared port is held by one of them. */
const assertEvidence = async (rows: readonly Status[], host: Tools['host']): Promise<void> => {
  assert.equal(
    rows.map(({ verdict }) => verdict),
    rows.map(() => 'running'),
  )
  let instances = 0
  for (const { host: name, evidence } of rows) {
    for (const { instance, copies } of evidence.instances) {
      instances += 1
      assert.is(copies.length, 1, `${instance.label} on ${name}`)
      const family = copies[0] ?? []
      for (const { pid, startTicks } of family) {
        const line = (await host(name).exec(['cat', `/proc/${pid}/cmdline`])).stdout.replaceAll('\0', '\n')
        assert.ok(`\n${line}`.includes(`\n${instance.args.join('\n')}\n`), `${instance.label}: ${line}`)
        assert.match(await sh(host(name), `cat /proc/${pid}/stat`), new RegExp(` ${startTicks} `))
      }
      for (const { port } of instance.listens) {
        const held = await sh(host(name), `netstat -tlnp | grep ':${port} '`)
        assert.ok(
          family.some(({ pid }) => held.includes(` ${pid}/`)),
          `${instance.label}: ${held}`,
        )
      }
    }
  }
  assert.is(instances, 37)
  const worker = rows.find(({ service }) => service === 'worker')
  assert.equal(
    worker?.evidence.instances.map(({ copies }) => copies[0]?.length),
    [2, 2],
    'jsvc pairs',
  )
}

type Pids = ReadonlyMap<string, number | undefined>

const pidsOf = (rows: readonly Status[]): Pids =>
  new Map(
    rows.flatMap(({ host, service, evidence }) =>
      evidence.instances.map(
        ({ instance, copies }) => [`${service}@${host} ${instance.label}`, copies[0]?.[0]?.pid] as const,
      ),
    ),
  )

const compare = (before: Pids, after: Pids) => {
  const names = [...after.keys()].sort()
  return {
    kept: names.filter(name => before.get(name) === after.get(name)),
    fresh: names.filter(name => before.get(name) !== after.get(name)),
  }
}

const added = (before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]))

const runStatus = async (status: Tools['status']): Promise<readonly string[]> =>
  (await status()).map(row => {
    const missing = row.evidence.instances
      .filter(({ copies }) => copies.length === 0)
      .map(({ instance }) => instance.label)
    return `poll ${29 - missing.length}/29: missing ${missing.join(', ')}`
  })

const sh = async (host: LabHost, script: string): Promise<string> =>
  (await host.exec(['sh', '-c', script])).stdout.trim()

const gone = (host: LabHost, name: string): Promise<void> => until(host, `! pgrep ${name}`)

/** Until a script on a host ends with 0; the test's timer ends it otherwise. */
const until = async (host: LabHost, script: string): Promise<void> => {
  while ((await host.exec(['sh', '-c', script])).code !== 0) await new Promise(resolve => setTimeout(resolve, 50))
}
