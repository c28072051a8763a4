/** Runs of a few hosts and of many, as a report is made of them: some change, some fail, most are well. */
import type { RunEvent } from '../../lib/model/event.js'
import { dotOf } from '../../lib/report/dot.js'
import { reportOf } from '../../lib/report/html/fold.js'
import { graphOf } from '../../lib/report/html/graph.js'
import { pageOf } from '../../lib/report/html/page.js'
import { svgOf } from '../../lib/report/svg.js'
import { type Estate, estate } from '../helpers/estate.js'

/** Of so many hosts, and with a third of them as they should be already. */
export const runOf = async (count: number): Promise<readonly RunEvent[]> => {
  const names = Array.from({ length: count - 1 }, (_one, i) => `app${i + 1}`)
  const inventory = `all:
  hosts: { km1: {}, ${names.map(name => `${name}: {}`).join(', ')} }
`
  const small = estate(catalog, inventory)
  for (const [i, name] of ['km1', ...names].entries()) prepare(small, name, i, count)
  const events: RunEvent[] = []
  const { clock } = hostIn(small, 'km1')
  await small.run(playbook, { onFact: fact => events.push({ ...fact, atMs: clock.now() + 1_795_000_000_000 }) })
  return events
}

export const pageFor = async (events: readonly RunEvent[]): Promise<string> => {
  const report = reportOf(events)
  const graph = graphOf(report)
  const about = {
    command: 'steward run /srv/estate/playbooks/start-all.yml',
    more: [['Inventory', '/srv/estate/inventory/hosts.yml'] as const, ['steward', '0.1.0'] as const],
  }
  return pageOf(
    report,
    about,
    graph === null ? { _tag: 'NotDrawn', why: 'none' } : { _tag: 'Drawn', svg: await svgOf(dotOf(graph)) },
  )
}

const prepare = (small: Estate, name: string, i: number, count: number): void => {
  const host = hostIn(small, name)
  const slow = ((i * 7) % 11) * 1000
  for (const [service, port, ms] of [
    ['km', 2013, 12_000],
    ['dispatcher', 3302, 21_000],
    ['worker', 4000, 6000 + slow],
  ] as const) {
    const start = () => void host.spawn(['java', `-Dname=${service}`], { listens: [port], opensAfterMs: ms })
    host.commands.set(`/etc/init.d/${service} start`, start)
    if (i > 2 && i % 3 !== 1) start()
  }
  host.connectMs = () => 300 + slow / 20
  // One has a stranger on its port, one never listens, one is out of reach.
  if (i === 2) host.spawn(['nginx: master process', '-c', '/etc/nginx/nginx.conf'], { listens: [4000] })
  if (i === count - 4 && i > 3)
    host.commands.set('/etc/init.d/worker start', () => void host.spawn(['java', '-Dname=worker']))
  if (i === count - 1) host.isBlackHole = true
}

const hostIn = ({ hosts }: Estate, name: string) => {
  const host = hosts[name]
  if (host === undefined) throw new Error(`no host ${name}`)
  return host
}

const catalog = `services:
  km:
    hosts: km1
    start: /etc/init.d/km start
    processes: { tomcat: { args: [-Dname=km], listens: [2013] } }
  dispatcher:
    hosts: km1:app1
    requires: km
    start: /etc/init.d/dispatcher start
    processes: { tomcat: { args: [-Dname=dispatcher], listens: [3302] } }
  worker:
    hosts: all:!km1
    requires: [km, dispatcher]
    start: /etc/init.d/worker start
    processes: { java: { args: [-Dname=worker], listens: [4000] } }
    ready: { within: 45s }
`

const playbook = `- name: Start everything
  hosts: all
  catalog: catalog.yml
  services: { km: running, dispatcher: running, worker: running }
`
