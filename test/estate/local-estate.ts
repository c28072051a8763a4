/** The estate that comes with steward, as a copy of its own on this machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder, type Said, steward } from '../helpers/steward.js'

export const skip = process.platform === 'linux' ? undefined : 'it counts processes in /proc'

export type Tools = Readonly<{
  /** Any command of steward's, with the estate's inventory. */
  call: (...args: readonly string[]) => Promise<Said>
  run: (playbook: string) => Promise<Said>
  /** The command lines of all processes of this estate. */
  processes: () => readonly string[]
  /** Where its files are. */
  folder: string
  ports: Readonly<Record<'km' | 'dispatcher' | 'console' | 'api' | 'control', number>>
  /** Another process that has the monitors' folder in its arguments. */
  bystander: () => Readonly<{ lives: () => boolean }>
}>

/** A copy of the estate in a folder and on ports of its own; whatever still runs of it is ended. */
export const withEstate = async (
  { leaves = [] }: { leaves?: readonly string[] },
  use: (tools: Tools) => Promise<void>,
) => {
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
      call: (...args) => steward([...args, '-i', inventory]),
      folder,
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
