/** What runs where: a matrix of hosts and services, or a line for each with what its verdict rests on. */
import * as E from 'fp-ts/lib/Either.js'
import type { Verdict } from '../model/verdict.js'
import { verdictInWords } from '../model/words.js'
import { inColumns } from './columns.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export type StatusRow = Readonly<{ host: string; service: string; verdict: E.Either<string, Verdict> }>

/**
 * Of one host, or one service, every line with its evidence; of more, a matrix, and lines for what is not well. A matrix
 * wider than `width` cells is parted into several.
 */
export const statusLines = (rows: readonly StatusRow[], style: Style, width = Infinity): readonly string[] => {
  const hosts = new Set(rows.map(({ host }) => host))
  const services = new Set(rows.map(({ service }) => service))
  if (hosts.size < 2 || services.size < 2) return detailLines(rows, style)
  const unwell = rows.filter(({ verdict }) => !isWell(verdict))
  return [
    ...matrixLines(rows, [...hosts], [...services], style, width),
    ...(unwell.length === 0 ? [] : ['', ...detailLines(unwell, style)]),
    '',
    summary(rows),
  ]
}

const isWell = (verdict: StatusRow['verdict']): boolean =>
  E.isRight(verdict) && (verdict.right._tag === 'running' || verdict.right._tag === 'stopped')

const matrixLines = (
  rows: readonly StatusRow[],
  hosts: readonly string[],
  services: readonly string[],
  style: Style,
  width: number,
): readonly string[] => {
  const words = new Map(rows.map(({ host, service, verdict }) => [`${service}@${host}`, wordOf(verdict)]))
  const cells = hosts.map(host => [host, ...services.map(service => words.get(`${service}@${host}`) ?? elsewhere)])
  const table = inColumns([['HOST', ...services], ...cells].map(row => [...row.map(printable), '']))
  const widths = (table[0] ?? []).slice(1, -1).map(cell => cell.length + 2)
  const blocks = partsOf(widths, width - (table[0]?.[0]?.length ?? 0)).map(([from, to]) =>
    table.map(([host = '', ...row], i) => {
      const coloured = row.slice(from, to).map(cell => (i === 0 ? style.strong : colourOf(cell.trim(), style))(cell))
      return [i === 0 ? style.strong(host) : host, ...coloured].join('  ').trimEnd()
    }),
  )
  return blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block]))
}

/** Runs of neighbours, at least one in each, that together are no wider than the room. */
const partsOf = (widths: readonly number[], room: number): readonly (readonly [from: number, to: number])[] => {
  const parts: [number, number][] = []
  let [from, used] = [0, 0]
  for (const [i, width] of widths.entries()) {
    if (i > from && used + width > room) {
      parts.push([from, i])
      ;[from, used] = [i, 0]
    }
    used += width
  }
  return [...parts, [from, widths.length]]
}

/** Where a service does not live. */
const elsewhere = '-'

const wordOf = (verdict: StatusRow['verdict']): string => (E.isLeft(verdict) ? 'unreachable' : verdict.right._tag)

/** `37 services: 35 running, 1 stopped, 1 degraded`. */
const summary = (rows: readonly StatusRow[]): string => {
  const counts = new Map<string, number>()
  for (const { verdict } of rows) counts.set(wordOf(verdict), (counts.get(wordOf(verdict)) ?? 0) + 1)
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([word, count]) => `${count} ${word}`)
  return `${rows.length} services: ${parts.join(', ')}.`
}

const detailLines = (rows: readonly StatusRow[], style: Style): readonly string[] => {
  const cells = rows.map(({ host, service, verdict }) => {
    const words = E.isLeft(verdict) ? `unreachable: ${verdict.left}` : verdictInWords(verdict.right)
    const [tag = '', ...rest] = words.split(': ')
    return [host, service, tag, rest.join(': ')].map(printable)
  })
  const table = inColumns([['HOST', 'SERVICE', 'VERDICT', 'EVIDENCE'], ...cells])
  return table.map(([host = '', service = '', tag = '', rest = ''], i) => {
    const colour = i === 0 ? style.strong : colourOf(tag.trim(), style)
    return `${colour(`${host}  ${service}  ${tag}`)}  ${rest}`.trimEnd()
  })
}

const colourOf = (tag: string, style: Style): ((text: string) => string) => {
  if (tag === 'running') return style.good
  if (tag === 'stopped' || tag === elsewhere) return style.quiet
  return tag === 'starting' || tag === 'degraded' ? style.changed : style.bad
}
