/** When each step was at work and when it waited, by host. */
import { groupBy } from '../../model/group-by.js'
import { idParts } from '../../model/plan.js'
import { showMs } from '../columns.js'
import type { RunReport, StepReport } from './fold.js'
import { type Html, html, nothing } from './html.js'

type Bar = Readonly<{ step: StepReport; fromMs: number; toMs: number }>

const mostOpen = 30
const most = 600

export const timelinePart = (report: RunReport): Html => {
  const startMs = report.startedAtMs
  const endMs = Math.max(report.endedAtMs ?? report.lastAtMs, startMs + 1)
  const bars = report.plays
    .flatMap(({ steps }) => steps)
    .flatMap(step => barOf(step, endMs))
    .sort((a, b) => a.fromMs - b.fromMs)
  if (bars.length === 0) return nothing
  const weight = ({ step, fromMs, toMs }: Bar): number => (isBad(step) ? 1e12 : 0) + toMs - fromMs
  const chosen = new Set([...bars].sort((a, b) => weight(b) - weight(a)).slice(0, mostOpen))
  const others = bars.filter(bar => !chosen.has(bar))
  const left = others.length - Math.min(others.length, most)
  const scale: Scale = { startMs, spanMs: endMs - startMs }
  return html`<section><h2>Timeline <small>${showMs(scale.spanMs)} in all</small></h2>
<p class="legend"><span><i class="key work"></i> at work</span> <span><i class="key wait"></i> waiting</span> <span><i class="key fail"></i> failed</span></p>
${others.length > 0 ? html`<p class="quiet">The ${chosen.size} of ${bars.length} steps that failed or took longest.</p>` : nothing}
${chart(byHost(bars.filter(bar => chosen.has(bar))), scale)}${
  others.length === 0
    ? nothing
    : html`<details><summary>show the other ${others.length}</summary>${chart(byHost(others.slice(0, most)), scale)}${
        left > 0 ? html`<p class="quiet">${left} more are left out.</p>` : nothing
      }</details>`
}</section>`
}

/** Those of a host together, hosts in the order of their first step. */
const byHost = (bars: readonly Bar[]): readonly Bar[] =>
  [...groupBy(bars, ({ step }) => idParts(step.id).host).values()].flat()

const barOf = (step: StepReport, endMs: number): readonly Bar[] =>
  step.startedAtMs === null ? [] : [{ step, fromMs: step.startedAtMs, toMs: step.endedAtMs ?? endMs }]

const isBad = ({ end }: StepReport): boolean => end !== 'changed' && end !== 'ok'

type Scale = Readonly<{ startMs: number; spanMs: number }>

const chart = (bars: readonly Bar[], scale: Scale): Html => {
  const tickMs = tickOf(scale.spanMs)
  const ticks = Array.from({ length: Math.floor(scale.spanMs / tickMs) + 1 }, (_one, i) => i * tickMs)
  const grid = ticks.map(ms => html`<line x1="${percent(ms, scale)}" x2="${percent(ms, scale)}" y1="0" y2="100%"/>`)
  const labels = ticks
    .filter(ms => ms < scale.spanMs * 0.93)
    .map(ms => html`<text x="${percent(ms, scale)}" y="12">${showTick(ms, tickMs)}</text>`)
  return html`<table class="timeline"><thead><tr><th scope="col">Host and service</th><td><svg height="16" role="presentation">${labels}</svg></td><th scope="col">Took</th></tr></thead><tbody>
${bars.map(bar => row(bar, grid, scale))}</tbody></table>`
}

const row = ({ step, fromMs, toMs }: Bar, grid: readonly Html[], scale: Scale): Html => {
  const { service, host } = idParts(step.id)
  const starts = [{ atMs: fromMs, for: null }, ...step.waits.slice(0, 40)]
  const parts = starts.map((part, i) => {
    const untilMs = starts[i + 1]?.atMs ?? toMs
    const isLast = i === starts.length - 1
    const look = isBad(step) && isLast ? 'fail' : part.for === null ? 'work' : 'wait'
    const tip = `${part.for === null ? 'at work' : `waiting: ${part.for.slice(0, 200)}`}, ${showMs(untilMs - part.atMs)}`
    const width = percent(Math.max(untilMs - part.atMs, scale.spanMs / 400), { ...scale, startMs: 0 })
    return html`<rect class="${look}" x="${percent(part.atMs - scale.startMs, scale)}" width="${width}" y="3" height="14" rx="2"><title>${tip}</title></rect>`
  })
  return html`<tr><th scope="row"><span class="host">${host}</span> ${service}</th><td><svg height="20" role="img" aria-label="from ${showMs(fromMs - scale.startMs)} to ${showMs(toMs - scale.startMs)}: ${step.end}">${grid}${parts}</svg></td><td class="took">${showMs(toMs - fromMs)}${isBad(step) ? html` <b class="bad">${step.end}</b>` : nothing}</td></tr>
`
}

const percent = (ms: number, { spanMs }: Scale): string =>
  `${Math.min(100, Math.max(0, (ms / spanMs) * 100)).toFixed(2)}%`

/** Round, and four to eight of them. */
const tickOf = (spanMs: number): number => {
  const steps = [100, 250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000]
  return steps.find(ms => spanMs / ms <= 6) ?? Math.ceil(spanMs / 6 / 3_600_000) * 3_600_000
}

const showTick = (ms: number, tickMs: number): string => {
  if (tickMs < 1000) return `${(ms / 1000).toFixed(tickMs % 100 === 0 ? 1 : 2)} s`
  if (tickMs < 60_000)
    return ms < 120_000 ? `${ms / 1000} s` : `${Math.floor(ms / 60_000)}:${String((ms / 1000) % 60).padStart(2, '0')}`
  return `${ms / 60_000} min`
}
