/** A cold start of services that need each other across hosts, against the longest way through their own start times. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { stewardMain } from '../helpers/steward.js'
import { upLab } from '../lab/lab.js'
import { whyNoLab } from '../lab/packages.js'
import { coldHosts, criticalMs, installCold, writeCold } from './cold-estate.js'
import { figureLine } from './figures.js'
import { type Cost, measure } from './measure.js'
import type { BenchOptions } from './options.js'

export const benchCold = async ({ rounds = 5, out }: BenchOptions): Promise<void> => {
  const why = whyNoLab('benches')
  if (why !== undefined) return console.error(`cold: ${why}`)
  const lab = await upLab(coldHosts)
  const folder = mkdtempSync(`${tmpdir()}/steward-bench-`)
  try {
    const hosts = [...lab.hosts.values()]
    for (const host of hosts) installCold(host)
    const argv = [...lab.enter, process.execPath, stewardMain, 'run', writeCold(folder), '-i', lab.inventory]
    const env = { ...process.env, ...lab.env, XDG_STATE_HOME: `${folder}/state` }
    const costs: Cost[] = []
    for (let i = 0; i < rounds; i += 1) {
      costs.push(await measure(argv, { env }))
      for (const host of hosts) await host.exec(['pkill', '-KILL', '-f', '^/usr/bin/perl /services/'])
    }
    const wall = costs.map(({ wallMs }) => wallMs)
    console.log(`a cold start on ${hosts.length} hosts, whose services take ${criticalMs()} ms by themselves`)
    console.log(figureLine({ name: 'wall time', unit: 'ms', values: wall }))
    console.log(
      figureLine({
        name: 'wall time / the longest way of start times',
        unit: '',
        values: wall.map(ms => ms / criticalMs()),
      }),
    )
    console.log(figureLine({ name: 'CPU here', unit: 'ms', values: costs.map(({ cpuMs }) => cpuMs) }))
    if (out !== undefined) {
      mkdirSync(out, { recursive: true })
      writeFileSync(`${out}/cold.json`, `${JSON.stringify({ criticalMs: criticalMs(), costs }, null, 1)}\n`)
    }
  } finally {
    rmSync(folder, { recursive: true })
    await lab.down()
  }
}
