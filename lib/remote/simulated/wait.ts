/** How long a simulated host puts a look off, as its script says. */
import type { SimulatedHost } from './host.js'

/** By what runs as it begins: what is started meanwhile is not waited for. */
export const waitMs = ({ clock, processes }: SimulatedHost, text: string): number => {
  const tries = Number(/^tries=(\d+) /m.exec(text)?.[1] ?? 0)
  const everyMs = Number(/^ {2}command sleep ([\d.]+) /m.exec(text)?.[1] ?? 0) * 1000
  const ports = new Set([...text.matchAll(/'\/:([0-9A-F]{4}) 0\*:/g)].map(match => Number.parseInt(match[1] ?? '', 16)))
  const opening = [...processes.values()]
    .filter(({ listens }) => listens.some(port => ports.has(port)))
    .map(({ opensMs }) => opensMs - clock.now())
  const tried = Math.ceil(Math.max(0, Math.min(...opening)) / everyMs)
  return tries === 0 ? 0 : Math.min(tried, tries) * everyMs
}
