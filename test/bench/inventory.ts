/** Reading an inventory with its variables and expanding it: how long, how much memory, and does it grow evenly? */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { figureLine } from './figures.js'

const runs = 3
const sizes = [10_000, 30_000, 100_000]
const child = fileURLToPath(new URL('./expand-inventory.js', import.meta.url))

/** What templates are made of. */
const readings = ['own', 'groups', 'hostvars'] as const

type Cost = Readonly<{ ms: number; maxMiB: number; hosts: number; values: number }>

export const benchInventory = async (): Promise<void> => {
  for (const kind of ['ini', 'yml'] as const) {
    const medians: number[] = []
    for (const size of sizes) {
      const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'))
      try {
        const file = writeInventory(folder, size, size / 20, kind)
        // Turn and turn about, as machines are noisy.
        const turns = Array.from({ length: runs }, () => readings.map(of => costOf(file, of)))
        const costs = turns.flatMap(([own]) => own ?? [])
        medians.push([...costs].map(({ ms }) => ms).sort((a, b) => a - b)[1] ?? 0)
        const { hosts, values } = costs[0] ?? { hosts: 0, values: 0 }
        console.log(`${kind}: ${hosts} hosts in ${size / 20} groups, ${values} values of variables`)
        console.log(
          figureLine({ name: '  CPU for reading and expanding', unit: 'ms', values: costs.map(({ ms }) => ms) }),
        )
        console.log(
          figureLine({ name: '  most memory, Node included', unit: 'MiB', values: costs.map(({ maxMiB }) => maxMiB) }),
        )
        for (const [i, of] of readings.entries()) {
          if (i === 0) continue
          const values = turns.map(turn => (turn[i]?.ms ?? 0) / (turn[0]?.ms ?? 1))
          console.log(figureLine({ name: `  the same with ${of} in templates, as a ratio by pairs`, unit: '', values }))
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    }
    const [least = 1] = medians
    const ratios = medians.map(
      (ms, i) => `${(sizes[i] ?? 0) / (sizes[0] ?? 1)} times the hosts: ${(ms / least).toFixed(1)}`,
    )
    console.log(`  ratios of CPU: ${ratios.join(', ')}\n`)
  }
}

/** In a process of its own, so that its memory is its own. */
const costOf = (file: string, of: string): Cost => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [child, file, of], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Each host is in a group of 20 and in one of ten regions; each group has a file of five variables. */
const writeInventory = (folder: string, hosts: number, groups: number, kind: 'ini' | 'yml'): string => {
  mkdirSync(join(folder, 'group_vars'))
  const each = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => line(i)).join('')
  const group = (i: number) => `app${i}`
  const host = (i: number) => `host${String(i).padStart(6, '0')}`
  const address = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
  const members = (g: number, line: (i: number) => string) => each(hosts / groups, k => line(g * (hosts / groups) + k))
  const file = join(folder, kind === 'ini' ? 'hosts' : 'hosts.yml')
  const text =
    kind === 'ini'
      ? each(
          groups,
          g => `[${group(g)}]\n${members(g, i => `${host(i)} ansible_host=${address(i)} rack=${i % 40}\n`)}`,
        ) + each(10, r => `[region${r}:children]\n${each(groups / 10, k => `${group(k * 10 + r)}\n`)}`)
      : `all:\n  children:\n${each(10, r => `    region${r}:\n      children:\n${each(groups / 10, k => `        ${group(k * 10 + r)}:\n          hosts:\n${members(k * 10 + r, i => `            ${host(i)}: { ansible_host: ${address(i)}, rack: ${i % 40} }\n`)}`)}`)}`
  writeFileSync(file, text)
  writeFileSync(
    join(folder, 'group_vars/all.yml'),
    each(10, i => `common${i}: value ${i}\n`),
  )
  for (let g = 0; g < groups; g += 1) {
    const lines = `port: ${8000 + (g % 1000)}\nhome: /srv/${group(g)}\nlog: "{{ home }}/log"\nflags: [a, b]\nowner: team${g % 7}\n`
    writeFileSync(join(folder, `group_vars/${group(g)}.yml`), lines)
  }
  return file
}
