/** Hosts of a lab with services that misbehave as a test says, and steward as a user calls it, at work on them. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { type Controller, projectFolder, type Said, startSteward, stewardCommand } from '../helpers/steward.js'
import type { LabHost } from '../lab/host.js'
import { type Lab, upLab } from '../lab/lab.js'

/** A service: `stubd` behind an init script. Shell text replaces what a call of the script does; `$daemon` starts it. */
export type Stub = Readonly<{
  hosts?: string
  port?: number
  /** More words for the daemon, such as `deaf=1`. */
  daemon?: string
  start?: string
  stop?: string
  /** More keys of the catalog, or others in place of these. */
  keys?: Readonly<Record<string, unknown>>
}>

export type Stubs = Readonly<Record<string, Stub>>
export type State = 'running' | 'stopped'

export type Tools = Readonly<{
  lab: Lab
  host: (name?: string) => LabHost
  sh: (script: string, host?: string) => Promise<string>
  /** The command line by which to make it so. */
  command: (states: Readonly<Record<string, State>>) => ReturnType<typeof stewardCommand>
  /** Begins to make it so; `env` and `enter` are added to the lab's. */
  begin: (states: Readonly<Record<string, State>>, options?: Calling) => Controller
  run: (states: Readonly<Record<string, State>>, options?: Calling) => Promise<Said>
  call: (args: readonly string[], options?: Calling) => Controller
  /** How often the service's own script was called so, by its own record. */
  calls: (service: string, verb?: 'start' | 'stop' | 'status', host?: string) => number
  /** What befell the service's daemons, by their own record: `PID born`, `PID got TERM`… */
  log: (service: string, host?: string) => readonly string[]
  /** The pids of living daemons of that name. */
  pids: (service: string, host?: string) => Promise<readonly number[]>
}>

type Calling = Readonly<{ args?: readonly string[]; enter?: readonly string[]; env?: Readonly<Record<string, string>> }>

export const withStubs = async (
  stubs: Stubs,
  use: (tools: Tools) => Promise<void>,
  names: readonly string[] = ['one'],
): Promise<void> => {
  await sharedStubs(stubs, names, 1)(use)
}

/** One lab for so many tests in a row: it comes up with the first of them and goes with the last. */
export const sharedStubs = (stubs: Stubs, names: readonly string[], tests: number) => {
  let lab: Promise<Lab> | null = null
  let left = tests
  return async (use: (tools: Tools) => Promise<void>): Promise<void> => {
    lab ??= upLab(names)
    const up = await lab
    try {
      if (left === tests) lay(up, stubs)
      await use(toolsFor(up))
    } finally {
      left -= 1
      if (left === 0) await up.down()
    }
  }
}

const lay = (lab: Lab, stubs: Stubs): void => {
  for (const host of lab.hosts.values()) install(host, stubs)
  writeFileSync(`${lab.folder}/catalog.yml`, JSON.stringify({ services: catalogOf(stubs) }))
}

const toolsFor = (lab: Lab): Tools => {
  const host = (name = 'one'): LabHost => {
    const found = lab.hosts.get(name)
    if (found === undefined) throw new Error(`no host ${name}`)
    return found
  }
  const sh: Tools['sh'] = async (script, name) => (await host(name).exec(['sh', '-c', script])).stdout.trim()
  const linesOf = (file: string, name?: string): readonly string[] => {
    try {
      return readFileSync(`${host(name).root}/var/log/stub/${file}`, 'utf8')
        .split('\n')
        .slice(0, -1)
    } catch {
      return []
    }
  }
  const inLab = ({ enter = [], env = {} }: Calling = {}) => ({
    enter: [...enter, ...lab.enter],
    env: { ...lab.env, SSH_AUTH_SOCK: '', XDG_STATE_HOME: `${lab.folder}/state`, ...env },
  })
  const call: Tools['call'] = (args, options) => startSteward(args, inLab(options))
  const playing = (services: Readonly<Record<string, State>>): readonly string[] => {
    const playbook = `${lab.folder}/${Object.entries(services).flat().join('-')}.yml`
    writeFileSync(playbook, JSON.stringify([{ hosts: 'all', catalog: 'catalog.yml', services }]))
    return ['run', playbook, '-i', lab.inventory]
  }
  const begin: Tools['begin'] = (services, options = {}) =>
    call([...playing(services), ...(options.args ?? [])], options)
  return {
    lab,
    host,
    sh,
    call,
    command: services => stewardCommand(playing(services), inLab()),
    begin,
    run: (services, options) => begin(services, options).said,
    calls: (service, verb = 'start', name) => linesOf(`${service}.calls`, name).filter(line => line === verb).length,
    log: (service, name) => linesOf(service, name),
    pids: async (service, name) =>
      (await sh(`pgrep -f '^perl /opt/stubd ${service}( |$)'`, name)).split('\n').filter(Boolean).map(Number),
  }
}

/** What may be done where the script does not stop it. */
export const stopping = (within: string, ...then: readonly string[]) => ({ stop: { within, then } })

export const births = (log: readonly string[]): number => log.filter(line => line.endsWith(' born')).length

/** For as long as it takes: the test's own timer ends a wait in vain. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await delay(20)
}

const install = ({ root }: LabHost, stubs: Stubs): void => {
  mkdirSync(`${root}/var/log/stub`)
  mkdirSync(`${root}/etc/init.d`, { recursive: true })
  for (const program of ['stubd', 'mute-files'])
    copyFileSync(`${projectFolder}test/faults/${program}`, `${root}/opt/${program}`)
  for (const [name, stub] of Object.entries(stubs)) {
    const file = `${root}/etc/init.d/${name}`
    writeFileSync(file, scriptOf(name, stub))
    chmodSync(file, 0o755)
  }
}

/** As unguarded as real ones: each start makes a copy. */
const scriptOf = (name: string, { port, daemon = '', start = '$daemon', stop }: Stub): string => `#!/bin/sh
echo "$1" >>/var/log/stub/${name}.calls
pidfile=/run/${name}.pid
spawn() { setsid perl /opt/stubd ${name} ${port === undefined ? '' : `port=${port}`} ${daemon} </dev/null >/dev/null 2>&1 & echo $! >$pidfile; }
daemon=spawn
case $1 in
start)
  ${start}
  ;;
stop)
  ${stop ?? 'kill "$(cat $pidfile)"'}
  ;;
status)
  echo "${name} is running"
  ;;
esac
`

const catalogOf = (stubs: Stubs): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(stubs).map(([name, { hosts = 'all', port, keys = {} }]) => [
      name,
      {
        hosts,
        script: `/etc/init.d/${name}`,
        processes: { main: { args: ['/opt/stubd', name], ...(port === undefined ? {} : { listens: port }) } },
        ready: { within: '10s', stable: '0s' },
        stop: { within: '5s' },
        ...keys,
      },
    ]),
  )
