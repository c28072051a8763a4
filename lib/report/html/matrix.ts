/** Hosts and services, as they were and as they are: those to look at first, and the others folded away. */
import { groupBy } from '../../model/group-by.js'
import { idParts } from '../../model/plan.js'
import type { RunReport, StepReport } from './fold.js'
import { type Html, html, markupOf, nothing } from './html.js'

export const matrixPart = (report: RunReport): Html => {
  const steps = report.plays.flatMap(play => play.steps)
  const rows = [...groupBy(steps, ({ id }) => idParts(id).host)].map(([host, all]) => rowOf(host, all))
  const services = inOrder(steps)
  const unwell = rows.filter(({ kind }) => kind === 'unwell')
  const changed = rows.filter(({ kind }) => kind === 'changed')
  const unchanged = rows.filter(({ kind }) => kind === 'unchanged')
  if (rows.length === 0)
    return html`<section><h2>Hosts and services</h2><p class="quiet">Nothing was planned.</p></section>`
  const groups: readonly (readonly [string, readonly Row[], most: number])[] = [
    ['not as they should be', unwell, 40],
    ['changed', changed, 20],
    ['as they should be already', unchanged, 12],
  ]
  const isShort = rows.length <= 20
  return html`<section><h2>Hosts and services <small>before → after</small></h2>
${
  isShort
    ? table(services, [...unwell, ...changed, ...unchanged], 'all hosts')
    : groups.map(([what, some, most]) => groupOf(services, what, some, most))
}</section>`
}

/** What others come after stands to their left. */
const inOrder = (steps: readonly StepReport[]): readonly string[] => {
  const before = new Map<string, Set<string>>()
  for (const { id, planned } of steps) {
    const { service } = idParts(id)
    const known = before.get(service) ?? new Set()
    for (const one of planned?.after ?? []) known.add(idParts(one).service)
    before.set(service, known)
  }
  const ordered = new Set<string>()
  const entered = new Set<string>()
  const visit = (service: string): void => {
    if (entered.has(service)) return
    entered.add(service)
    for (const one of before.get(service) ?? []) visit(one)
    if (before.has(service)) ordered.add(service)
  }
  for (const service of before.keys()) visit(service)
  return [...ordered]
}

type Row = Readonly<{ host: string; kind: 'unwell' | 'changed' | 'unchanged'; cells: ReadonlyMap<string, Cell> }>
type Cell = Readonly<{ before: string; after: string; words: string }>

/** A page stays of a size that can be opened and sent. */
const mostHosts = 1000

const groupOf = (services: readonly string[], what: string, rows: readonly Row[], mostOpen: number): Html => {
  if (rows.length === 0) return nothing
  const title = `${rows.length} ${rows.length === 1 ? 'host' : 'hosts'} ${what}`
  const shown = rows.slice(0, mostHosts)
  const left = rows.length - shown.length
  const rest = left === 0 ? nothing : html`<p class="quiet">${left} more are left out.</p>`
  if (rows.length <= mostOpen && what !== groupUnchanged) return html`<h3>${title}</h3>${table(services, shown, title)}`
  const [open, folded] = what === groupUnchanged ? [[], shown] : [shown.slice(0, mostOpen), shown.slice(mostOpen)]
  return html`<h3>${title}</h3>${open.length === 0 ? nothing : table(services, open, title)}
<details><summary>${open.length === 0 ? 'show them' : `show the other ${rows.length - open.length}`}</summary>${table(services, folded, title)}${rest}</details>`
}

const groupUnchanged = 'as they should be already'

const table = (services: readonly string[], rows: readonly Row[], title: string): Html =>
  html`<div class="wide" tabindex="0" role="region" aria-label="${title}"><table class="matrix"><thead><tr><th scope="col">Host</th>${services.map(
    service => html`<th scope="col">${service}</th>`,
  )}</tr></thead><tbody>
${rows.map(
  ({ host, cells }) =>
    html`<tr><th scope="row">${host}</th>${services.map(service => cellOf(cells.get(service)))}</tr>
`,
)}</tbody></table></div>`

const cellOf = (cell: Cell | undefined): Html => {
  if (cell === undefined) return html`<td class="none">–</td>`
  const { before, after, words } = cell
  if (before === after) return html`<td title="${words}">${state(after)}</td>`
  return html`<td class="moved" title="${words}">${state(before)} <span class="arrow">→</span> ${state(after)}</td>`
}

/** A sign, a word and a colour: any two of them can be missed. */
export const state = (word: string): Html => {
  const [look, sign] = signs[word] ?? ['bad', '✖']
  return html`<span class="state ${look}"><span aria-hidden="true">${markupOf(sign)}</span> ${word}</span>`
}

/** The last one asks to be drawn as a letter, by a selector that is escaped in any other text. */
const signs: Readonly<Record<string, readonly [string, string]>> = {
  running: ['good', '●'],
  ok: ['good', '●'],
  changed: ['changed', '◆'],
  restarted: ['changed', '↻'],
  stopped: ['quiet', '○'],
  skipped: ['quiet', '⊘'],
  'not begun': ['quiet', '·'],
  'under way': ['warn', '…'],
  starting: ['warn', '◔'],
  degraded: ['warn', '◑'],
  unknown: ['bad', '?'],
  unreachable: ['bad', '⚡︎'],
}

const rowOf = (host: string, steps: readonly StepReport[]): Row => {
  const cells = new Map<string, Cell>()
  for (const [service, all] of groupBy(steps, ({ id }) => idParts(id).service)) {
    const [first, last] = [all[0], all.at(-1)]
    if (first !== undefined && last !== undefined) cells.set(service, cellOfSteps(first, last, all))
  }
  const isUnwell = steps.some(({ end }) => end !== 'ok' && end !== 'changed')
  const isChanged = steps.some(({ end }) => end === 'changed')
  return { host, kind: isUnwell ? 'unwell' : isChanged ? 'changed' : 'unchanged', cells }
}

const cellOfSteps = (first: StepReport, last: StepReport, all: readonly StepReport[]): Cell => {
  const before = first.planned?.found?._tag ?? (first.planned === null ? 'unknown' : 'unreachable')
  const after = afterOf(last)
  const isAnew = before === after && before === 'running' && all.some(({ end }) => end === 'changed')
  return { before, after: isAnew ? 'restarted' : after, words: last.words.slice(0, 300) }
}

const afterOf = ({ end, after, planned }: StepReport): string =>
  end === 'ok' || end === 'changed' ? (after?._tag ?? planned?.desired ?? 'unknown') : end
