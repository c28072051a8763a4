/** Many hosts at once: what a plan and a run with nothing to do cost for each, beyond what simulating the hosts costs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { figureLine, median } from './figures.js'
import { serviceCount, writeEstate } from './scale-estate.js'

const child = fileURLToPath(new URL('./scale-run.js', import.meta.url))

type Cost = Readonly<{
  readMs: number
  runMs: number
  floorMs: number
  wallMs: number
  maxMiB: number
  hostsMiB: number
}>

const kinds = {
  plan: { title: 'a plan', sizes: [1_000, 10_000, 100_000] },
  run: { title: 'a run with nothing to do', sizes: [1_000, 10_000, 100_000] },
  serial: { title: 'the same with serial: 10%', sizes: [1_000, 10_000] },
  restart: { title: 'a restart of one service, all hosts at once', sizes: [250, 500, 1_000] },
  'restart-serial': { title: 'the same with serial: 100', sizes: [250, 500, 1_000] },
} as const

export const benchScale = async (): Promise<void> => {
  for (const [kind, { title, sizes }] of Object.entries(kinds)) {
    console.log(`${title}, ${serviceCount} services a host`)
    let perHost = 0
    for (const size of sizes) {
      const costs = costsOf(kind, size)
      const own = costs.map(({ readMs, runMs, floorMs }) => readMs + runMs - floorMs)
      perHost ||= median(own) / size
      const lines = [
        { name: `  ${size} hosts: CPU beyond the simulated hosts`, unit: 'ms', values: own },
        { name: '    of it for reading and expanding', unit: 'ms', values: costs.map(({ readMs }) => readMs) },
        { name: '    the simulated hosts alone', unit: 'ms', values: costs.map(({ floorMs }) => floorMs) },
        { name: '    wall time, simulated hosts included', unit: 'ms', values: costs.map(({ wallMs }) => wallMs) },
        {
          name: '    most memory, Node included, simulated hosts not',
          unit: 'MiB',
          values: costs.map(({ maxMiB }) => maxMiB),
        },
      ]
      for (const line of lines) console.log(figureLine(line))
      const each = median(own) / size
      console.log(
        `    a host: ${(each * 1000).toFixed(0)} µs, ${(each / perHost).toFixed(2)} times that of ${sizes[0]}\n`,
      )
    }
  }
}

/** In processes of their own, so that their memory is their own. */
const costsOf = (kind: string, size: number): readonly Cost[] => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'))
  try {
    writeEstate(folder, size)
    return Array.from({ length: size > 10_000 ? 3 : 5 }, () => {
      const { stderr, status } = spawnSync(process.execPath, [child, kind, folder, String(size)], {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
      })
      if (status !== 0) throw new Error(stderr)
      return JSON.parse(stderr)
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
