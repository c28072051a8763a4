/** What the hosts of a lab are made from: the list of them, and the files laid over their roots. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathsOf } from './folder.js'
import type { LabHost } from './host.js'
import { sshdConfig, sshdExtraConfig } from './sshd.js'

export type HostOptions = Readonly<{
  /** Lines of sshd_config(5), which win over the lab's own. */
  sshd?: readonly string[]
  /** Users other than root, to be logged in with the lab's key. */
  users?: readonly string[]
}>

type Place = Pick<LabHost, 'name' | 'address' | 'link'>

/** Fills the folder of a lab for top.sh and host.sh. */
export const writeSeed = (
  folder: string,
  places: readonly Place[],
  options: Readonly<Record<string, HostOptions>>,
): void => {
  const { hosts, key, seed } = pathsOf(folder)
  const write = (host: string, path: string, text: string) => {
    const file = seed(host) + path
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const addresses = places.map(({ name, address }) => `${address} ${name}\n`).join('')
  write('all', '/etc/hosts', `127.0.0.1 localhost\n::1 localhost\n${addresses}`)
  write('all', '/etc/ssh/sshd_config', sshdConfig)
  write('all', '/root/.ssh/authorized_keys', readFileSync(`${key}.pub`, 'utf8'))
  chmodSync(`${seed('all')}/root`, 0o700)
  for (const { name } of places) {
    write(name, '/etc/hostname', `${name}\n`)
    write(name, sshdExtraConfig, (options[name]?.sshd ?? []).map(line => `${line}\n`).join(''))
  }
  writeFileSync(hosts, places.map(({ name, address, link }) => `${name} ${address} ${link}\n`).join(''))
}
