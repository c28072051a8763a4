/** An estate that is cold: services on several hosts that need each other and a known time to open their ports. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import type { LabHost } from '../lab/host.js'

type ColdService = Readonly<{ host: string; port: number; opensAfterMs: number; requires: readonly string[] }>

/** A store, two that need it, a front on each of three hosts and what watches all of them. */
const coldServices: Readonly<Record<string, ColdService>> = {
  store: { host: 'host1', port: 8101, opensAfterMs: 2000, requires: [] },
  queue: { host: 'host2', port: 8102, opensAfterMs: 500, requires: [] },
  dispatch: { host: 'host2', port: 8103, opensAfterMs: 1500, requires: ['store', 'queue'] },
  worker: { host: 'host3', port: 8104, opensAfterMs: 1000, requires: ['dispatch'] },
  front: { host: 'host4', port: 8105, opensAfterMs: 2000, requires: ['dispatch'] },
  api: { host: 'host4', port: 8106, opensAfterMs: 1200, requires: ['worker', 'front'] },
  watch: { host: 'host1', port: 8107, opensAfterMs: 500, requires: ['api'] },
}

export const coldHosts = [...new Set(Object.values(coldServices).map(({ host }) => host))]

/** The longest way through what the services need of each other: no order could take less. */
export const criticalMs = (): number => {
  const doneMs = (name: string): number => {
    const { opensAfterMs, requires } = coldServices[name] ?? { opensAfterMs: 0, requires: [] }
    return opensAfterMs + Math.max(0, ...requires.map(doneMs))
  }
  return Math.max(...Object.keys(coldServices).map(doneMs))
}

const program = ({ port, opensAfterMs }: ColdService) => `#!/usr/bin/perl
use Socket;
select undef, undef, undef, ${opensAfterMs / 1000};
socket(my $s, PF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
bind($s, sockaddr_in(${port}, INADDR_ANY)) && listen($s, 5) or die; sleep while 1;
`

/** Installs what is of this host, and starts none of it. */
export const installCold = ({ name: host, root }: LabHost): void => {
  for (const [name, service] of Object.entries(coldServices).filter(([, service]) => service.host === host)) {
    mkdirSync(`${root}/services/${name}`, { recursive: true })
    for (const [path, text] of [
      [`/services/${name}/${name}`, program(service)],
      [`/etc/init.d/${name}`, `#!/bin/sh\nsetsid /services/${name}/${name} </dev/null >/dev/null 2>&1 &\n`],
    ] as const) {
      writeFileSync(root + path, text)
      chmodSync(root + path, 0o755)
    }
  }
}

/** Nothing is waited for once a port is open: what is measured is what steward adds to the services' own times. */
export const writeCold = (folder: string): string => {
  const services = Object.entries(coldServices).map(
    ([name, { host, port, requires }]) => `  ${name}:
    hosts: ${host}
    requires: [${requires.join(', ')}]
    script: /etc/init.d/${name}
    processes: { main: { args: [/services/${name}/${name}], listens: ${port} } }
    ready: { within: 60s, stable: 0s }
`,
  )
  writeFileSync(`${folder}/catalog.yml`, `services:\n${services.join('')}`)
  const wishes = Object.keys(coldServices).map(name => `${name}: running`)
  writeFileSync(
    `${folder}/playbook.yml`,
    `- { hosts: all, catalog: catalog.yml, services: { ${wishes.join(', ')} } }\n`,
  )
  return `${folder}/playbook.yml`
}
