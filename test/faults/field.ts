/** Tests on real lab hosts, each on one of its own, through the command line that an operator calls. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import PQueue from 'p-queue'
import * as assert from 'uvu/assert'
import type { Observation } from '../../lib/model/observation.js'
import type { Verdict } from '../../lib/model/verdict.js'
import { verdictInWords } from '../../lib/model/words.js'
import { ofNoTest } from '../helpers/children.js'
import { type Said, steward } from '../helpers/steward.js'
import { describe } from '../helpers/test.js'
import { hostEnv, type LabHost } from '../lab/host.js'
import { inventoryText } from '../lab/inventory.js'
import { type Lab, upLab } from '../lab/lab.js'
import { type LabKind, whyNoLab } from '../lab/packages.js'
import { output } from '../lab/run.js'
import type { HostOptions } from '../lab/seed.js'
import { type DaemonOptions, daemonPath, daemonText } from './daemon.js'
import { type Truth, truthOn } from './truth.js'

/** A catalog's entry without its hosts, which are the test's one. */
export type ServiceText = Readonly<Record<string, unknown> & { processes: Readonly<Record<string, unknown>> }>

export type Field = Readonly<{
  lab: Lab
  host: LabHost
  /** What a script printed that ran on the host as root, without ssh; throws where it fails. */
  sh: (script: string, ...args: readonly string[]) => Promise<string>
  /** What a script printed that root's login ran, through the host's sshd and without steward. */
  ssh: (script: string) => Promise<string>
  /** Until a script on the host ends well; the test's timer ends it otherwise. */
  until: (script: string) => Promise<void>
  /** Lays an executable file on the host. */
  install: (path: string, text: string) => void
  /** Starts a program that stays, and resolves with its pid there when it has printed a line. */
  start: (argv: readonly string[], env?: DaemonOptions) => Promise<number>
  /** `0 host1 app running main pid 7, port 2013`: the exit code, and the line of `steward status` for the service. */
  status: (service: ServiceText, options?: CallOptions) => Promise<string>
  /** All that one look at the host saw. */
  look: (service: ServiceText, options?: CallOptions) => Promise<Sight>
  explain: (service: ServiceText, options?: CallOptions) => Promise<Said>
  run: (service: ServiceText, state: 'running' | 'stopped', options?: CallOptions) => Promise<Said>
}>

type Sight = Pick<Observation, 'processes' | 'listeners' | 'login' | 'bootId'> & Readonly<{ verdict: string }>

type CallOptions = Readonly<{
  user?: string
  /** A port of this machine that leads to the host. */
  port?: number
  env?: Readonly<Record<string, string>>
  /** One of `clients`; the built-in one if none is named. */
  client?: Readonly<{ args: readonly string[] }>
  /** Processes come and go meanwhile that are not the look's. */
  isBusy?: true
}>

type FaultOptions = HostOptions & Readonly<{ timeoutMs?: number; needs?: LabKind }>
type Declare = (title: string, body: (field: Field) => Promise<void>, options?: FaultOptions) => void

/**
 * The hosts of all these tests are one lab, which comes up with the first and goes with the last. As no test can see
 * another's host, several of them are at work at once, mostly waiting.
 */
export const describeFaults = (name: string, declare: (test: Declare) => void): void =>
  describe(name, test => {
    const bodies: ((lab: Lab) => Promise<void>)[] = []
    const hosts: Record<string, HostOptions> = {}
    let outcomes: Promise<readonly Promise<void>[]> | null = null
    let down = () => Promise.resolve()
    let left = 0
    const begin = async () => {
      const lab = await upLab(Object.keys(hosts), { hosts })
      down = lab.down
      const queue = new PQueue({ concurrency: 4 })
      return bodies.map(body => {
        const outcome = queue.add(() => body(lab))
        // It is its own test's to fail, which may come to it later.
        outcome.catch(() => {})
        return outcome
      })
    }
    declare((title, body, { timeoutMs = 60_000, needs = 'hosts', ...options } = {}) => {
      const skip = whyNoLab(needs)
      if (skip !== undefined) return test(title, () => {}, { skip })
      const host = `host${bodies.length + 1}`
      const index = bodies.push(lab => body(fieldOf(lab, host))) - 1
      hosts[host] = options
      left += 1
      const ownOutcome = async () => {
        try {
          outcomes ??= ofNoTest(begin)
          await (await outcomes)[index]
        } finally {
          left -= 1
          if (left === 0) await down()
        }
      }
      test(title, ownOutcome, { timeoutMs })
    })
  })

const fieldOf = (lab: Lab, name: string): Field => {
  const host = lab.hosts.get(name)
  if (host === undefined) throw new Error(`no host ${name}`)
  const install: Field['install'] = (path, text) => {
    mkdirSync(dirname(host.root + path), { recursive: true })
    writeFileSync(host.root + path, text)
    chmodSync(host.root + path, 0o755)
  }
  install(daemonPath, daemonText)

  const sh: Field['sh'] = async (script, ...args) => {
    const { code, stdout, stderr } = await host.exec(['sh', '-c', script, 'sh', ...args])
    if (code !== 0) throw new Error(`${name}: "${script}" ended with ${code}: ${stderr}`)
    return stdout.trim()
  }
  const ssh: Field['ssh'] = async script => {
    const options = ['BatchMode=yes', `UserKnownHostsFile=${lab.knownHosts}`].flatMap(option => ['-o', option])
    const argv = [...lab.enter, 'ssh', '-F', 'none', '-i', host.keyFile, ...options, `root@${host.address}`]
    const before = truthOn(host)
    const said = await output([...argv, 'exec /bin/sh'], { stdin: script, env: hostEnv })
    await untilNothingIsNew(host, before)
    return said
  }
  const until: Field['until'] = async script => {
    while ((await host.exec(['sh', '-c', script])).code !== 0) await delay(20)
  }

  let started = 0
  const start: Field['start'] = async (argv, env = {}) => {
    started += 1
    const said = `/run/said-${started}`
    const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`)
    const script = `said=$1; shift; "$@" </dev/null >"$said" 2>&1 & echo $!`
    const pid = Number(await sh(script, said, 'env', ...settings, ...argv))
    await until(`test -s ${said}`)
    return pid
  }

  let called = 0
  const call = async (args: readonly string[], service: ServiceText, options: CallOptions): Promise<Said> => {
    called += 1
    const files = writeFiles(`${lab.folder}/${name}-${called}`, host, service, options)
    const enter = options.port === undefined ? lab.enter : []
    const env = { ...lab.env, SSH_AUTH_SOCK: '', NO_COLOR: '1', ...options.env }
    const more = ['-i', files.inventory, ...(options.client?.args ?? [])]
    return steward([...args.map(arg => files[arg] ?? arg), ...more], { enter, env })
  }

  /** A look leaves the host as it was: what ran still runs, and nothing else. */
  const looking: typeof call = async (args, service, options) => {
    if (options.isBusy) return call(args, service, options)
    const before = truthOn(host)
    const said = await call(args, service, options)
    await untilNothingIsNew(host, before)
    const after = truthOn(host)
    for (const { pid, args } of before.values())
      if (!after.has(pid)) throw new Error(`${args.join(' ')} is gone after ${name} was looked at`)
    return said
  }

  return {
    lab,
    host,
    sh,
    ssh,
    until,
    install,
    start,
    status: async (service, options = {}) => {
      const { code, stdout, stderr } = await looking(['status', '-c', 'catalog'], service, options)
      const line = stdout.split('\n').find(text => text.startsWith(`${name} `)) ?? stdout + stderr
      return `${code} ${line.replace(/ +/g, ' ').trim()}`
    },
    look: async (service, options = {}) => {
      const args = ['explain', `app@${name}`, '-c', 'catalog', '--json']
      const { stdout, stderr } = await looking(args, service, options)
      if (stdout === '') throw new Error(stderr)
      const { observation, verdict } = JSON.parse(stdout) as { observation: Observation; verdict: Verdict }
      return { ...observation, verdict: verdictInWords(verdict) }
    },
    explain: (service, options = {}) => looking(['explain', `app@${name}`, '-c', 'catalog'], service, options),
    run: (service, state, options = {}) => call(['run', state], service, options),
  }
}

type Truths = ReturnType<typeof truthOn>

const untilNothingIsNew = async (host: LabHost, before: Truths): Promise<void> => {
  const isNew = ([pid, { startTicks }]: readonly [number, Truth]) => before.get(pid)?.startTicks !== startTicks
  while ([...truthOn(host)].some(isNew)) await delay(20)
}

/** Stopped by these signals, with waits in between, after a command if there is one. */
export const endedBy = (service: ServiceText, ...stages: readonly string[]): ServiceText =>
  stoppedBy(service, {}, stages)

/** Stopped by a command, then by signals. */
export const stoppedBy = (
  service: ServiceText,
  rules: Readonly<{ command?: string }>,
  stages: readonly string[],
): ServiceText => ({ ...service, stop: { within: '1s', ...rules, ...Object.fromEntries([['then', stages]]) } })

/** The same as uvu's, which does not show what it was that did not match. */
export const matches = (text: string, pattern: RegExp): void =>
  assert.ok(pattern.test(text), `${pattern} does not fit this:\n${text}`)

/** JSON is YAML. */
const writeFiles = (start: string, host: LabHost, service: ServiceText, { user, port }: CallOptions) => {
  const files: Record<'inventory' | 'catalog' | 'running' | 'stopped', string> & Record<string, string> = {
    inventory: `${start}-hosts.yml`,
    catalog: `${start}-catalog.yml`,
    running: `${start}-running.yml`,
    stopped: `${start}-stopped.yml`,
  }
  const place = port === undefined ? host : { ...host, address: '127.0.0.1' }
  const inventory = inventoryText([place], {}, { ansible_port: port ?? host.port })
  writeFileSync(files.inventory, inventory.replace('ansible_user: root', `ansible_user: ${user ?? 'root'}`))
  writeFileSync(files.catalog, JSON.stringify({ services: { app: { hosts: 'all', ...service } } }))
  for (const state of ['running', 'stopped'] as const)
    writeFileSync(
      files[state],
      JSON.stringify([{ name: state, hosts: 'all', catalog: files.catalog, services: { app: state } }]),
    )
  return files
}
