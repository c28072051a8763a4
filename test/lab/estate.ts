/** The enStratus estate on lab hosts: the project's stand-in, with real Tomcats and real jsvc daemons put in. */
import { cpSync, existsSync, readFileSync } from 'node:fs'
import type { LabHost } from './host.js'
import { type Lab, type LabOptions, upLab } from './lab.js'
import { labSources, projectFolder } from './paths.js'
import { writeTomcatBase } from './tomcat.js'

export type EstateService = 'km' | 'dispatcher' | 'monitor' | 'worker' | 'console' | 'api'

export type EstateOptions = Readonly<{
  /** The worker's script goes by two names in the vendor's own pages. */
  workerScript?: 'enstratus-worker' | 'enstratus-workers'
}>

/** The vendor's layout for four machines. */
export const estateLayout = {
  km1: ['km'],
  dispatcher1: ['dispatcher'],
  monitor1: ['monitor', 'worker'],
  console1: ['console', 'api'],
} satisfies Readonly<Record<string, readonly EstateService[]>>

const estateGroups = {
  key_managers: ['km1'],
  dispatchers: ['dispatcher1'],
  monitors: ['monitor1'],
  workers: ['monitor1'],
  consoles: ['console1'],
  apis: ['console1'],
}

const estateVars = {
  init_dir: '/etc/init.d',
  services_dir: '/services',
  km_port: 2013,
  dispatcher_port: 3302,
  console_port: 8080,
  api_port: 15000,
  api_control_port: 16099,
}

/** Brings up four hosts with the estate installed on them, and nothing of it started. */
export const upEstate = async (options: LabOptions & EstateOptions = {}): Promise<Lab> => {
  const lab = await upLab(Object.keys(estateLayout), {
    ...options,
    groups: { ...estateGroups, ...options.groups },
    vars: { ...estateVars, ...options.vars },
  })
  try {
    const layout: ReadonlyMap<string, readonly EstateService[]> = new Map(Object.entries(estateLayout))
    await Promise.all([...lab.hosts].map(([name, host]) => installEstate(host, layout.get(name) ?? [], options)))
    return lab
  } catch (error) {
    await lab.down()
    throw error
  }
}

/** Installs services as `/etc/init.d/enstratus-*` and `/services/*` on a host. */
export const installEstate = async (
  host: LabHost,
  services: readonly EstateService[],
  options: EstateOptions = {},
): Promise<void> => {
  const copy = (from: string, to: string) => cpSync(from, host.root + to, { recursive: true })
  copy(`${standIn}/services/lib`, '/services/lib')
  for (const service of services) {
    const script = service === 'worker' ? (options.workerScript ?? 'enstratus-worker') : `enstratus-${service}`
    copy(`${standIn}/init.d/enstratus-${service}`, `/etc/init.d/${script}`)
    copy(`${standIn}/services/${service}`, `/services/${service}`)
    if (existsSync(`${standIn}/services/${service}/bin/tomcat`)) {
      copy(`${labSources}/estate/tomcat`, `/services/${service}/bin/tomcat`)
      writeTomcatBase(`${host.root}/services/${service}/tomcat`, portsOf(service))
    }
  }
  if (services.includes('worker')) {
    await compileWorker(host)
    for (const name of ['publisher', 'subscriber']) copy(`${labSources}/estate/jsvc`, `/services/worker/bin/${name}`)
  }
}

const standIn = `${projectFolder}/examples/enstratus`

const portsOf = (service: EstateService): readonly string[] =>
  readFileSync(`${standIn}/services/${service}/tomcat/conf/ports`, 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))

/** On the host itself, whose end is then also the compiler's. */
const compileWorker = async (host: LabHost): Promise<void> => {
  const source = readFileSync(`${labSources}/estate/Worker.java`, 'utf8')
  const quick = '-J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -proc:none'
  const script = `
    cat > /tmp/Worker.java
    javac ${quick} -cp /usr/share/java/commons-daemon.jar -d /services/worker/lib /tmp/Worker.java
    rm /tmp/Worker.java`
  const { code, stderr } = await host.exec(['sh', '-euc', script], { stdin: source })
  if (code !== 0) throw new Error(`${host.name}: ${stderr.trim()}`)
}
