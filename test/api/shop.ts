/** A shop of two services on two simulated hosts, in files as a user has them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Simulation, simulate } from '../../lib/index.js'

export type Shop = Simulation & Readonly<{ playbook: string; inventory: string; catalogs: string; folder: string }>

const texts = {
  'catalog.yml': `
services:
  db: { hosts: db1, script: /etc/init.d/db, processes: { db: { args: [/srv/db], listens: [5432] } } }
  web:
    hosts: web1
    requires: [db]
    script: /etc/init.d/web
    processes: { web: { args: [/srv/web], listens: [8080] } }
`,
  'play.yml': `
- name: Open the shop
  hosts: all
  catalog: catalog.yml
  services: { db: running, web: running }
`,
  'hosts.yml': 'all: { hosts: { db1: {}, web1: {} } }\n',
}

/** Its files are there while `use` goes on. */
export const withShop = async <A>(use: (shop: Shop) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-shop-'))
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text)
  const simulation = simulate('db1', 'web1')
  for (const [host, service, port] of [
    ['db1', 'db', 5432],
    ['web1', 'web', 8080],
  ] as const) {
    const one = simulation.hosts.get(host)
    one?.scripts.add(`/etc/init.d/${service}`)
    one?.commands.set(`/etc/init.d/${service} start`, at => at.spawn([`/srv/${service}`], { listens: [port] }))
  }
  const [playbook, inventory, catalogs] = ['play.yml', 'hosts.yml', 'catalog.yml'].map(name => join(folder, name))
  try {
    return await use({
      ...simulation,
      folder,
      playbook: playbook ?? '',
      inventory: inventory ?? '',
      catalogs: catalogs ?? '',
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
