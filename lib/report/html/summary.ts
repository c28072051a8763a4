/** What came of a run: a sentence, its figures, and by which command it was made. */
import type { ExitCode } from '../../model/exit-code.js'
import { showMs } from '../columns.js'
import { conclusion } from '../conclusion.js'
import type { RunReport, StepEnd } from './fold.js'
import { type Html, html, nothing } from './html.js'

/** How a run was begun, without secrets. `more`: what else there is to say of it, as `Inventory` and its files. */
export type About = Readonly<{ command: string; more: readonly (readonly [name: string, value: string])[] }>

export const sentenceOf = ({ recap, exitCode, endedAtMs, startedAtMs }: RunReport): string => {
  if (recap === null || exitCode === null || endedAtMs === null) return 'This run has not come to its end.'
  return recap.size === 0 ? 'Nothing was done.' : conclusion({ recap, exitCode }, endedAtMs - startedAtMs)
}

export const summaryPart = (report: RunReport, { command, more }: About): Html => {
  const { exitCode, startedAtMs, endedAtMs, hosts, plays } = report
  const look = exitCode === 0 ? 'good' : exitCode === null || exitCode === 99 ? 'warn' : 'bad'
  const count = (...ends: readonly StepEnd[]): number =>
    plays.flatMap(({ steps }) => steps).filter(({ end }) => ends.includes(end)).length
  const services = new Set(plays.flatMap(({ steps }) => steps).map(({ id }) => id)).size
  const figures: readonly (readonly [string, number, string])[] = [
    [hosts.length === 1 ? 'host' : 'hosts', hosts.length, ''],
    [services === 1 ? 'service' : 'services', services, ''],
    ['ok already', count('ok'), 'good'],
    ['changed', count('changed'), 'changed'],
    ['failed', count('failed'), 'bad'],
    ['unreachable', count('unreachable'), 'bad'],
    ['skipped', count('skipped', 'not begun'), 'warn'],
    ['not known', count('under way'), 'bad'],
  ]
  const facts = [
    ...more,
    ...(startedAtMs === 0 ? [] : [['Begun', inUtc(startedAtMs)] as const]),
    ...(endedAtMs === null
      ? []
      : [['Ended', `${inUtc(endedAtMs).slice(11)}, after ${showMs(endedAtMs - startedAtMs)}`] as const]),
    ...(exitCode === null ? [] : [['Exit code', `${exitCode}: ${meanings[exitCode]}`] as const]),
  ]
  return html`<header class="${look}"><p class="command"><code>${command}</code></p>
<h1>${sentenceOf(report)}</h1>
<ul class="figures">${figures
    .filter(([name, n]) => n > 0 || name.startsWith('host'))
    .map(([name, n, colour]) => html`<li class="${colour}"><b>${n}</b> ${name}</li>`)}</ul>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>`
}

/** `2026-11-24 23:00:00 UTC` */
const inUtc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const meanings: Readonly<Record<ExitCode, string>> = {
  0: 'done, or nothing to do',
  2: 'something failed',
  4: 'a host could not be reached',
  5: 'a mistake in the input',
  10: 'something is to be done',
  75: 'a host is locked by another run',
  99: 'interrupted',
  250: "a bug of steward's",
}

/** As at the end of what the terminal shows. */
export const recapPart = ({ recap }: RunReport): Html => {
  if (recap === null || recap.size === 0) return nothing
  const columns = ['ok', 'changed', 'unreachable', 'failed', 'skipped'] as const
  const rows = [...recap].slice(0, 1000)
  const table = html`<div class="wide"><table class="recap"><thead><tr><th scope="col">Host</th>${columns.map(
    name => html`<th scope="col">${name}</th>`,
  )}</tr></thead><tbody>
${rows.map(
  ([host, sums]) =>
    html`<tr><th scope="row">${host}</th>${columns.map(name => html`<td class="${sums[name] === 0 ? 'none' : name}">${sums[name]}</td>`)}</tr>
`,
)}</tbody></table></div>${recap.size > rows.length ? html`<p class="quiet">${recap.size - rows.length} more are left out.</p>` : nothing}`
  return html`<section><h2>Recap</h2>${
    rows.length <= 20 ? table : html`<details><summary>show all ${recap.size} hosts</summary>${table}</details>`
  }</section>`
}
