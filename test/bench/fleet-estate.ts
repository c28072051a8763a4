/** Lab hosts with many small services each, and the files by which steward and Ansible know them. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import type { LabHost } from '../lab/host.js'

/** How many services a host has, of one process each, and how many of them listen. */
const serviceCount = 37
const listening = 8

const names = Array.from({ length: serviceCount }, (_, i) => `svc${String(i + 1).padStart(2, '0')}`)
const ports = new Map(names.slice(0, listening).map((name, i) => [name, 8001 + i]))

/** Waits without a child: nobody ever writes to that pipe. */
const sleeper = '#!/bin/sh\nread -r _ </run/never\n'

/** Only what it needs is loaded, as there are many of them. */
const listener = (port: number) => `#!/usr/bin/perl
use Socket;
socket(my $s, PF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
bind($s, sockaddr_in(${port}, INADDR_ANY)) && listen($s, 5) or die; sleep while 1;
`

/** The same for all: by its own name it knows which service it is of. */
const initScript = `#!/bin/sh
name=\${0##*/}
case $1 in
start) setsid "/services/$name/bin/$name" --config "/services/$name/etc/$name.conf" </dev/null >/dev/null 2>&1 & ;;
stop) pkill -f "^[^ ]+ /services/$name/bin/$name " ;;
esac
`

/** Installs the services and starts them; resolves once all that listen do. */
export const populate = async (host: LabHost): Promise<void> => {
  writeProgram(`${host.root}/etc/init.d/fleet`, initScript)
  for (const name of names) {
    const port = ports.get(name)
    mkdirSync(`${host.root}/services/${name}/bin`, { recursive: true })
    writeProgram(`${host.root}/services/${name}/bin/${name}`, port === undefined ? sleeper : listener(port))
    symlinkSync('fleet', `${host.root}/etc/init.d/${name}`)
  }
  const script = `mkfifo /run/never
for script in /etc/init.d/svc*; do "$script" start; done
until [ "$(netstat -lnt | grep -c ':80[0-9][0-9] ')" = ${listening} ] && [ "$(pgrep -fc '^/[^ ]+ /services/svc')" = ${serviceCount} ]; do sleep 0.1; done`
  const { code, stderr } = await host.exec(['sh', '-c', script])
  if (code !== 0) throw new Error(`${host.name}: ${stderr}`)
}

const writeProgram = (path: string, text: string): void => {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

/** A catalog and a playbook of ours, and a playbook of Ansible's for the same. */
export const writeFleet = (folder: string) => {
  const [catalog, playbook, ansible] = [`${folder}/catalog.yml`, `${folder}/playbook.yml`, `${folder}/ansible.yml`]
  writeFileSync(catalog, `services:\n${names.map(serviceText).join('')}`)
  const wishes = names.map(name => `${name}: running`).join(', ')
  writeFileSync(playbook, `- { hosts: all, catalog: catalog.yml, services: { ${wishes} } }\n`)
  writeFileSync(ansible, ansibleText)
  return { playbook, ansible }
}

const serviceText = (name: string): string => {
  const port = ports.get(name)
  const listens = port === undefined ? '' : `, listens: ${port}`
  return `  ${name}:
    hosts: all
    script: /etc/init.d/${name}
    processes: { main: { args: [/services/${name}/bin/${name}]${listens} } }
`
}

/** Facts are not gathered, and what they would tell the service module is said: it is no slower than it has to be. */
const ansibleText = `- hosts: all
  gather_facts: false
  tasks:
    - name: the services run
      service: { name: "{{ item }}", pattern: "/services/{{ item }}/bin/{{ item }}", state: started, use: service }
      loop: [${names.join(', ')}]
    - name: their ports are open
      wait_for: { port: "{{ item }}", timeout: 30 }
      loop: [${[...ports.values()].join(', ')}]
`
