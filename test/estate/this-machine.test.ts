import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { changedBy, projectFolder, recapOf, type Said, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'

const skip = process.platform === 'linux' ? undefined : 'it counts processes in /proc'

describe('the estate that comes with steward, on this machine', test => {
  test(
    'starts its 37 processes, changes nothing the second time, and stops all but the pinger',
    () =>
      withEstate({}, async ({ run, processes }) => {
        const first = await run('start-all')
        assert.is(first.code, 0, first.stdout + first.stderr)
        assert.is(recapOf(first, 'localhost'), 'localhost : ok=6 changed=6 unreachable=0 failed=0 skipped=0')
        assert.is(processes().length, 37)
        const second = await run('start-all')
        assert.is(recapOf(second, 'localhost'), 'localhost : ok=6 changed=0 unreachable=0 failed=0 skipped=0')
        const stopped = await run('stop-all')
        assert.is(stopped.code, 0, stopped.stdout)
        assert.equal(
          processes().map(line => line.split('/').at(-1)),
          ['pinger'],
        )
        const again = await run('start-all')
        assert.is(again.code, 0, again.stdout)
        assert.is(processes().length, 37, 'one pinger, not two')
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'starts and stops every service by its own playbook',
    () =>
      withEstate({}, async ({ run, processes }) => {
        for (const service of ['km', 'dispatcher', 'console', 'api', 'worker', 'monitor']) {
          const started = await run(`start-${service}`)
          assert.equal(changedBy(started), [`${service}@localhost`], started.stdout)
        }
        for (const service of ['monitor', 'worker', 'api', 'console', 'dispatcher', 'km']) {
          const stopped = await run(`stop-${service}`)
          assert.equal(changedBy(stopped), [`${service}@localhost`], stopped.stdout)
        }
        assert.is(processes().length, 1)
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'ends the pollers that the script leaves, each by a signal of its own, and nobody with a like name',
    () =>
      withEstate({ leaves: ['Dns', 'Ssl'] }, async ({ run, processes, bystander }) => {
        await run('start-all')
        const twin = bystander()
        const stopped = await run('stop-monitor')
        assert.is(stopped.code, 0, stopped.stdout)
        assert.is((stopped.stdout.match(/sent TERM to pid/g) ?? []).length, 2, stopped.stdout)
        assert.is(processes().filter(line => line.includes('/monitor/')).length, 0)
        assert.ok(twin.lives(), 'a process that only mentions the monitors')
      }),
    { skip, timeoutMs: 120_000 },
  )

  test(
    'names whoever holds a port and starts nothing there',
    () =>
      withEstate({}, async ({ run, processes, ports }) => {
        const stranger = createServer().listen(ports.km, '127.0.0.1')
        try {
          const refused = await run('start-all')
          assert.is(refused.code, 2)
          assert.match(
            refused.stdout,
            new RegExp(`failed: \\[km@localhost\\] port ${ports.km} is held by pid ${process.pid} `),
          )
          assert.equal(processes(), [])
        } finally {
          stranger.close()
        }
      }),
    { skip, timeoutMs: 60_000 },
  )
})

type Tools = Readonly<{
  run: (playbook: string) => Promise<Said>
  /** The command lines of all processes of this estate. */
  processes: () => readonly string[]
  ports: Readonly<Record<'km' | 'dispatcher' | 'console' | 'api' | 'control', number>>
  /** Another process that has the monitors' folder in its arguments. */
  bystander: () => Readonly<{ lives: () => boolean }>
}>

/** A copy of the estate in a folder and on ports of its own; whatever still runs of it is ended. */
const withEstate = async ({ leaves = [] }: { leaves?: readonly string[] }, use: (tools: Tools) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-estate-'))
  const services = join(folder, 'services')
  const bystanders: ChildProcess[] = []
  try {
    for (const part of ['init.d', 'services'])
      cpSync(`${projectFolder}examples/enstratus/${part}`, join(folder, part), { recursive: true })
    const ports = await freePorts()
    writeFileSync(join(services, 'monitor/etc/stop-leaves'), leaves.join('\n'))
    for (const service of ['km', 'dispatcher', 'console'] as const)
      writeFileSync(join(services, service, 'tomcat/conf/ports'), `${ports[service]}\n`)
    writeFileSync(join(services, 'api/tomcat/conf/ports'), `${ports.api}\n127.0.0.1:${ports.control}\n`)
    const inventory = join(folder, 'hosts.yml')
    writeFileSync(inventory, inventoryOf(folder, ports))
    await use({
      run: playbook => steward(['run', `playbooks/${playbook}.yml`, '-i', inventory]),
      processes: () => commandLines(folder).map(({ line }) => line),
      ports,
      bystander: () => {
        const child = spawn(process.execPath, [
          '-e',
          'setInterval(() => {}, 1e6)',
          'bystander',
          `${services}/monitor/bin/poll`,
        ])
        bystanders.push(child)
        return { lives: () => child.exitCode === null && child.signalCode === null }
      },
    })
  } finally {
    for (const child of bystanders) child.kill('SIGKILL')
    for (const { pid } of commandLines(folder)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

const inventoryOf = (folder: string, ports: Tools['ports']): string =>
  readFileSync(`${projectFolder}inventory/hosts.yml`, 'utf8')
    .replace(/^( +estate:).*$/m, `$1 "${folder}"`)
    .replace(/^( +km_port:).*$/m, `$1 ${ports.km}`)
    .replace(/^( +dispatcher_port:).*$/m, `$1 ${ports.dispatcher}`)
    .replace(/^( +console_port:).*$/m, `$1 ${ports.console}`)
    .replace(/^( +api_port:).*$/m, `$1 ${ports.api}`)
    .replace(/^( +api_control_port:).*$/m, `$1 ${ports.control}`)

/** Ports that were free a moment ago. */
const freePorts = async (): Promise<Tools['ports']> => {
  const servers = await Promise.all(
    Array.from(
      { length: 5 },
      () =>
        new Promise<ReturnType<typeof createServer>>(resolve => {
          const server = createServer().listen(0, () => resolve(server))
        }),
    ),
  )
  const [km = 0, dispatcher = 0, console = 0, api = 0, control = 0] = servers.map(server => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  return { km, dispatcher, console, api, control }
}

const commandLines = (folder: string): readonly Readonly<{ pid: number; line: string }>[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      const line = cmdline(name)
      return line.includes(`${folder}/services/`) && !line.includes('bystander') ? [{ pid: Number(name), line }] : []
    })

const cmdline = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}
