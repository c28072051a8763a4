/** The figures of many hosts as a picture: for each tool a bar for the time by the clock and one for CPU, by decades. */
import { median } from './figures.js'
import type { Cost } from './measure.js'

export type ToolName = 'floor' | 'steward' | 'clush' | 'ansible'

export type FleetFigures = Readonly<{
  hosts: number
  cores: number
  processor: string
  costs: Readonly<Record<ToolName, readonly Cost[]>>
}>

const names: Readonly<Record<ToolName, string>> = {
  floor: 'bare node-ssh',
  steward: 'steward run',
  clush: 'clush',
  ansible: 'ansible-playbook',
}

const [left, width, rowHeight, top] = [130, 420, 44, 46]
const leastMs = 100
const decades = 4

export const fleetPlot = ({ hosts, cores, costs }: FleetFigures): string => {
  const at = (ms: number): number => left + (width * Math.log10(Math.max(ms, leastMs) / leastMs)) / decades
  const tools = Object.entries(names).flatMap(([tool, name]) => {
    const all = costs[tool as ToolName]
    return all.length === 0 ? [] : [{ name, wall: median(all.map(c => c.wallMs)), cpu: median(all.map(c => c.cpuMs)) }]
  })
  const bottom = top + tools.length * rowHeight
  const lines = Array.from({ length: decades + 1 }, (_, i) => leastMs * 10 ** i).map(
    ms =>
      `<line x1="${at(ms)}" x2="${at(ms)}" y1="${top - 6}" y2="${bottom}" stroke="#ccc"/><text x="${at(ms)}" y="${bottom + 16}" text-anchor="middle">${ms / 1000} s</text>`,
  )
  const bar = (ms: number, y: number, colour: string): string =>
    `<rect x="${left}" y="${y}" width="${(at(ms) - left).toFixed(1)}" height="14" fill="${colour}"/><text x="${(at(ms) + 5).toFixed(1)}" y="${y + 11}">${(ms / 1000).toFixed(2)} s</text>`
  const rows = tools.map(({ name, wall, cpu }, i) => {
    const y = top + i * rowHeight
    return `<text x="${left - 8}" y="${y + 20}" text-anchor="end">${name}</text>${bar(wall, y, wallColour)}${bar(cpu, y + 16, cpuColour)}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${bottom + 30}" font-family="sans-serif" font-size="12" fill="#222">
<rect width="640" height="${bottom + 30}" fill="#fff"/>
<text x="${left}" y="16">A run with nothing to do: ${hosts} hosts, 37 services each, on ${cores} cores</text>
<text x="${left}" y="32"><tspan fill="${wallColour}">■</tspan> by the clock <tspan fill="${cpuColour}">■</tspan> CPU here (medians; each line is ten times the one before)</text>
${[...lines, ...rows].join('\n')}
</svg>
`
}

const wallColour = '#3b6ea5'
const cpuColour = '#d98c3f'
