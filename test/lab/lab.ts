/**
 * Real hosts on one Linux machine: each with its own processes, network, file system, host name and sshd, reachable
 * only from inside a network made for them. Needs root and the tools in packages.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, pathsOf, removeStaleLabs } from './folder.js'
import { type Guard, startGuard } from './guard.js'
import { addUser, type LabHost, type LabHostPlace, labHost } from './host.js'
import { type Groups, inventoryText, knownHostsLine, type Vars } from './inventory.js'
import { type HostOptions, writeSeed } from './seed.js'

export type LabOptions = Readonly<{
  /** By the name of the host. */
  hosts?: Readonly<Record<string, HostOptions>>
  /** For the inventory. */
  groups?: Groups
  vars?: Vars
  /** How long all of it may take to come up. */
  timeoutMs?: number
}>

export type Lab = Readonly<{
  hosts: ReadonlyMap<string, LabHost>
  /** The path of an inventory of these hosts, in Ansible's YAML format. */
  inventory: string
  /** The path of a known_hosts file with the keys of these hosts. */
  knownHosts: string
  /** Put before a command, runs it in the lab's network, with the files and processes of the machine. */
  enter: readonly string[]
  /** To be added to the environment of such a command: its `~/.ssh/known_hosts` is then the lab's. */
  env: Readonly<{ HOME: string }>
  /** The lab's own folder, gone when it is. */
  folder: string
  /** Lets the lab outlive this process: `findLab` finds it from another. */
  keep: () => Promise<void>
  /** Ends every process of the lab and resolves when nothing is left of it; a second time does nothing. */
  down: () => Promise<void>
}>

/**
 * Brings up hosts with these names. Each of them and everything on it ends with `down`, or with this process, however
 * that ends. Throws, with nothing left behind, if one does not come up.
 */
export const upLab = async (names: readonly string[], options: LabOptions = {}): Promise<Lab> => {
  for (const name of names) {
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) throw new Error(`a lab host cannot be named ${JSON.stringify(name)}`)
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw new Error(`two lab hosts cannot be named ${name}`)
  }
  removeStaleLabs()
  const guard = startGuard()
  try {
    const lab = await boot(guard, names, options)
    guard.unref()
    return lab
  } catch (error) {
    await guard.release()
    throw new Error(`${error instanceof Error ? error.message : error}\n${guard.complaints()}`.trim(), { cause: error })
  }
}

/** The lab that another process made and kept, by its folder. */
export const findLab = (folder: string): Lab => labAt(JSON.parse(readFileSync(pathsOf(folder).kept, 'utf8')))

const boot = async (guard: Guard, names: readonly string[], options: LabOptions): Promise<Lab> => {
  const deadline = Date.now() + (options.timeoutMs ?? 60_000)
  const folder = await guard.line(deadline)
  const paths = pathsOf(folder)
  const places = names.map((name, index) => ({ name, address: addressOf(index), link: `veth${index + 1}` }))

  writeSeed(folder, places, options.hosts ?? {})

  await guard.say('go')
  const pid = readPid(await guard.line(deadline))
  const pids = new Map<string, number>()
  while (pids.size < names.length) {
    const line = await guard.line(deadline)
    pids.set(line.split(' ')[0] ?? '', readPid(line))
  }
  const hosts = places.map(place => ({ ...place, keyFile: paths.key, pid: pids.get(place.name) ?? Number.NaN }))
  const lab = labAt({ folder, pid, hosts }, guard)

  const all = [...lab.hosts.values()]
  const known = all.map(host => knownHostsLine(host, readFileSync(`${host.root}${hostKeyFile}`, 'utf8')))
  writeFileSync(lab.knownHosts, `${known.join('\n')}\n`)
  writeFileSync(lab.inventory, inventoryText(all, options.groups, options.vars))
  await Promise.all(all.map(host => addUsers(host, options.hosts?.[host.name]?.users ?? [])))
  return lab
}

const hostKeyFile = '/etc/ssh/ssh_host_ed25519_key.pub'

/** 198.18.0.0/15 is set aside for tests of networks (RFC 2544); the bridge has the first address. */
const addressOf = (index: number) => `198.18.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`

const readPid = (line: string): number => Number(line.split(' ')[1])

/** One after the other: useradd locks the files it edits. */
const addUsers = async (host: LabHost, users: readonly string[]): Promise<void> => {
  for (const user of users) await addUser(host, user)
}

/** All that other processes need to know of a lab. */
type LabPlace = Readonly<{ folder: string; pid: number; hosts: readonly LabHostPlace[] }>

const labAt = (place: LabPlace, guard?: Guard): Lab => {
  const { folder, pid, hosts } = place
  const paths = pathsOf(folder)
  return {
    hosts: new Map(hosts.map(host => [host.name, labHost(host)])),
    inventory: paths.inventory,
    knownHosts: paths.knownHosts,
    enter: ['nsenter', '--target', `${pid}`, '--net', '--'],
    env: { HOME: paths.home },
    folder,
    keep: async () => {
      writeFileSync(paths.kept, JSON.stringify(place))
      await guard?.say('keep')
    },
    down: async () => {
      // While its guard lives, the pid is still the lab's; with the lab's pid 1 the kernel ends all its processes.
      if (isAlive(folder)) killIfThere(pid)
      while (isAlive(folder)) await sleep(5)
      removeStaleLabs()
    },
  }
}

const killIfThere = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended by itself, and its guard is about to.
  }
}
