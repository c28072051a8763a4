/** A run with nothing to do on real hosts, against the least it could take and against other tools, in pairs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { stewardMain } from '../helpers/steward.js'
import { type Lab, upLab } from '../lab/lab.js'
import { whyNoLab } from '../lab/packages.js'
import { figureLine } from './figures.js'
import { populate, writeFleet } from './fleet-estate.js'
import { type FleetFigures, fleetPlot, type ToolName } from './fleet-plot.js'
import { type Cost, measure } from './measure.js'
import type { BenchOptions } from './options.js'

const floorMain = fileURLToPath(new URL('./fleet-floor.js', import.meta.url))

type Tool = Readonly<{ argv: readonly string[]; env?: NodeJS.ProcessEnv }>

export const benchFleet = async ({ hosts = 20, rounds = 15, slow = 3, out }: BenchOptions): Promise<void> => {
  const why = whyNoLab('benches')
  if (why !== undefined) return console.error(`fleet: ${why}`)
  const lab = await upFleet(hosts)
  const folder = mkdtempSync(`${tmpdir()}/steward-bench-`)
  try {
    const tools = toolsFor(lab, folder)
    const fast = ['floor', 'steward', 'clush'] as const
    const costs: Record<ToolName, Cost[]> = { floor: [], steward: [], clush: [], ansible: [] }
    const take = async (name: ToolName) => {
      const { argv, env } = tools[name]
      costs[name].push(await measure(argv, { env: { ...process.env, ...env } }))
    }
    for (const name of fast) await take(name)
    for (const name of fast) costs[name].pop() // caches warm up
    for (let i = 0; i < rounds; i += 1) {
      for (let k = 0; k < fast.length; k += 1) await take(fast[(i + k) % fast.length] ?? 'floor')
      // It takes minutes.
      if (i >= rounds - slow) await take('ansible')
      if (out !== undefined) keep(out, { hosts, cores: cpus().length, processor: cpus()[0]?.model ?? '', costs })
    }
    const figures = figuresOf(costs, hosts)
    console.log(
      `a run with nothing to do: ${hosts} hosts, 37 services each; ${cpus()[0]?.model}, ${cpus().length} cores`,
    )
    for (const figure of figures) console.log(figureLine(figure))
    console.log(`load average at the end: ${loadavg()[0]?.toFixed(1)}`)
  } finally {
    rmSync(folder, { recursive: true })
    await lab.down()
  }
}

const keep = (folder: string, figures: FleetFigures): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/fleet.json`, `${JSON.stringify(figures, null, 1)}\n`)
  writeFileSync(`${folder}/fleet.svg`, fleetPlot(figures))
}

const upFleet = async (hosts: number): Promise<Lab> => {
  const lab = await upLab(
    Array.from({ length: hosts }, (_, i) => `host${i + 1}`),
    { timeoutMs: 60_000 + hosts * 2_000 },
  )
  try {
    for (const host of lab.hosts.values()) await populate(host)
    return lab
  } catch (error) {
    await lab.down()
    throw error
  }
}

/** The same 50 at once for all. Who is known by whose key is said to OpenSSH, which does not look for it below HOME. */
const toolsFor = (lab: Lab, folder: string): Record<ToolName, Tool> => {
  const { playbook, ansible } = writeFleet(folder)
  const addresses = [...lab.hosts.values()].map(({ address }) => address)
  const keyFile = [...lab.hosts.values()][0]?.keyFile ?? ''
  const known = `-o UserKnownHostsFile=${lab.knownHosts}`
  const env = { ...lab.env, XDG_STATE_HOME: `${folder}/state` }
  return {
    floor: { argv: [...lab.enter, process.execPath, floorMain, keyFile, ...addresses] },
    steward: { argv: [...lab.enter, process.execPath, stewardMain, 'run', playbook, '-i', lab.inventory], env },
    clush: {
      argv: `${lab.enter.join(' ')} clush -S -f 50 -l root -w ${addresses.join(',')}`
        .split(' ')
        .concat(['-o', `-i ${keyFile} ${known}`, 'ps -A -ww -o pid,ppid,uid,stat,etime,args; netstat -lntp']),
    },
    ansible: {
      argv: [...lab.enter, 'ansible-playbook', '-f', '50', '-i', lab.inventory, ansible],
      env: {
        ...env,
        ANSIBLE_PIPELINING: '1',
        ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
        ANSIBLE_SSH_COMMON_ARGS: known,
      },
    },
  }
}

const figuresOf = (costs: Readonly<Record<ToolName, readonly Cost[]>>, hosts: number) => {
  const own = costs.steward
  const ratios = (of: (cost: Cost) => number, to: readonly Cost[]) =>
    own.slice(own.length - to.length).map((cost, i) => of(cost) / of(to[i] ?? cost))
  const wall = ({ wallMs }: Cost) => wallMs
  const cpu = ({ cpuMs }: Cost) => cpuMs / hosts
  const tools = Object.entries(costs)
  return [
    ...tools.map(([name, all]) => ({ name: `${name}: wall time`, unit: 'ms', values: all.map(wall) })),
    ...tools.map(([name, all]) => ({ name: `${name}: CPU here, a host`, unit: 'ms', values: all.map(cpu) })),
    ...tools.map(([name, all]) => ({ name: `${name}: most memory`, unit: 'MiB', values: all.map(c => c.maxMiB) })),
    { name: 'wall: steward / floor', unit: '', values: ratios(wall, costs.floor) },
    { name: 'wall: steward / clush', unit: '', values: ratios(wall, costs.clush) },
    { name: 'wall: ansible / steward', unit: '', values: ratios(wall, costs.ansible).map(ratio => 1 / ratio) },
    { name: 'CPU here: steward / floor', unit: '', values: ratios(cpu, costs.floor) },
  ]
}
