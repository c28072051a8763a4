/** The text of a lab's inventory and known_hosts. */
import type { LabHost } from './host.js'

export type Groups = Readonly<Record<string, readonly string[]>>
export type Vars = Readonly<Record<string, string | number>>

/** An inventory in Ansible's YAML format. JSON's strings and numbers are YAML's. */
export const inventoryText = (hosts: readonly LabHost[], groups: Groups = {}, vars: Vars = {}): string => {
  const lines = [
    'all:',
    '  hosts:',
    ...hosts.flatMap(host => [
      `    ${host.name}:`,
      `      ansible_host: ${JSON.stringify(host.address)}`,
      '      ansible_user: root',
      `      ansible_ssh_private_key_file: ${JSON.stringify(host.keyFile)}`,
    ]),
  ]
  if (Object.keys(groups).length > 0) lines.push('  children:')
  for (const [group, members] of Object.entries(groups)) {
    lines.push(`    ${group}:`, '      hosts:', ...members.map(name => `        ${name}:`))
  }
  if (Object.keys(vars).length > 0) lines.push('  vars:')
  for (const [name, value] of Object.entries(vars)) lines.push(`    ${name}: ${JSON.stringify(value)}`)
  return `${lines.join('\n')}\n`
}

/** One line of known_hosts (sshd(8)) from the public key file of a host, its comment left out. */
export const knownHostsLine = (host: LabHost, publicKey: string): string => {
  const [type, key] = publicKey.split(' ')
  return `${host.name},${host.address} ${type} ${key}`
}
