/** Two services on two hosts, the second of which requires the first; and what a run of them came to. */
import type { SimulatedHost } from '../../lib/remote/simulated/host.js'
import type { Ended, Estate } from '../helpers/estate.js'
import { estate } from '../helpers/estate.js'

/** `km` on km1 listens on 2013; `dispatcher` on app1 requires it and has a pinger that a stop leaves running. */
export const twoHosts = (): Estate => {
  const built = estate(
    `
services:
  km:
    hosts: km1
    script: /init/km
    processes: { tomcat: { args: [-Dbase=km], listens: 2013, start: /km/tomcat } }
    ready: { within: 10s, stable: 2s }
    stop: { within: 5s }
  dispatcher:
    hosts: app1
    requires: km
    script: /init/dispatcher
    processes:
      tomcat: { args: [-Dbase=dispatcher], listens: 3302, start: /dispatcher/tomcat start }
      pinger: { args: [/dispatcher/pinger], start: /dispatcher/pinger start, on_stop: keep }
    ready: { within: 10s, stable: 2s }
    stop: { within: 5s, then: [TERM, 2s, KILL] }
`,
    'all: { hosts: { km1: , app1: } }',
  )
  teach(built, 'km1', 'km', 2013)
  teach(built, 'app1', 'dispatcher', 3302)
  const app = hostOf(built, 'app1')
  const startTomcat = app.commands.get('/init/dispatcher start')
  const startPinger = () => void app.spawn(['sh', '/dispatcher/pinger'])
  app.commands.set('/dispatcher/pinger start', startPinger)
  app.commands.set('/init/dispatcher start', host => {
    startPinger()
    startTomcat?.(host)
  })
  return built
}

/** Scripts as hostile as real ones: a second start makes a second copy; the port opens late; stop ends the last one. */
const teach = (built: Estate, name: string, service: string, port: number): void => {
  const host = hostOf(built, name)
  const start = () => void host.spawn(['java', `-Dbase=${service}`], { listens: [port], opensAfterMs: 1500 })
  host.scripts.add(`/init/${service}`)
  host.commands.set(`/init/${service} start`, start)
  host.commands.set(`/${service}/tomcat start`, start)
  host.commands.set(`/init/${service} stop`, () => {
    const last = [...host.processes.values()].filter(({ args }) => args.includes(`-Dbase=${service}`)).at(-1)
    if (last !== undefined) host.processes.delete(last.pid)
  })
}

export const hostOf = (built: Estate, name: string) => {
  const host = built.hosts[name]
  if (host === undefined) throw new Error(`the estate has no host ${name}`)
  return host
}

export const play = (states: Readonly<Record<string, 'running' | 'stopped'>>): string =>
  `- { hosts: all, catalog: catalog.yml, services: ${JSON.stringify(states)} }`

export const both = play({ km: 'running', dispatcher: 'running' })
export const neither = play({ km: 'stopped', dispatcher: 'stopped' })

/** `started`, `ok`, `failed`… with the step's id, in the order it happened. */
export const story = ({ facts }: Ended): readonly string[] =>
  facts.flatMap(fact => {
    if (fact._tag === 'StepStarted') return [`begin ${fact.id}`]
    if (fact._tag === 'StepSucceeded') return [`${fact.changed ? 'changed' : 'ok'} ${fact.id}`]
    if (fact._tag === 'StepFailed') return [`failed ${fact.id}`]
    if (fact._tag === 'StepSkipped') return [`skipped ${fact.id}`]
    return fact._tag === 'StepUnreachable' ? [`unreachable ${fact.id}`] : []
  })

export const whyFailed = ({ facts }: Ended): string =>
  facts.flatMap(fact => (fact._tag === 'StepFailed' ? [`${fact.why}\n${fact.output ?? ''}`] : [])).join('\n')

/** What was launched on a host, looks left out. */
export const launched = (built: Estate, name: string): readonly string[] =>
  hostOf(built, name).ran.filter(script => script !== 'look')

/** `web` on each of these hosts, with a script that starts it and stops it; `more` is further keys of the service. */
export const websOn = (names: readonly string[], more = ''): Estate => {
  const built = estate(
    `
services:
  web:
    hosts: all
    script: /init/web
    processes: { java: { args: [-Dbase=web], listens: 80 } }
    ready: { within: 5s, stable: 1s }
    stop: { within: 5s }
${more}`,
    `all: { hosts: { ${names.map(name => `${name}: `).join(', ')} } }`,
  )
  for (const host of Object.values(built.hosts)) {
    host.scripts.add('/init/web')
    host.commands.set('/init/web start', () => void spawnWeb(host))
    host.commands.set('/init/web stop', () => host.processes.clear())
  }
  return built
}

/** A process of it, however it came there. */
export const spawnWeb = (host: SimulatedHost) => host.spawn(['java', '-Dbase=web'], { listens: [80] })
