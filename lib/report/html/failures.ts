/** Each step that did not end well, with what is known of it. */
import { groupBy } from '../../model/group-by.js'
import { showListenAddress } from '../../model/listen-address.js'
import { idParts } from '../../model/plan.js'
import type { Verdict } from '../../model/verdict.js'
import { instanceInWords, processInWords, verdictInWords } from '../../model/words.js'
import { plural, someOf } from '../columns.js'
import { printableLines } from '../printable.js'
import type { RunReport, StepReport } from './fold.js'
import { type Html, html, nothing } from './html.js'
import { state } from './matrix.js'

const mostTold = 60
const mostListed = 500

export const failuresPart = (report: RunReport): Html => {
  const steps = report.plays.flatMap(play => play.steps)
  const failed = steps.filter(({ end }) => end === 'failed' || (end === 'under way' && report.endedAtMs === null))
  const unreachable = [
    ...groupBy(
      steps.filter(({ end }) => end === 'unreachable'),
      ({ id }) => idParts(id).host,
    ),
  ]
  const skipped = [
    ...groupBy(
      steps.filter(({ end }) => end === 'skipped'),
      ({ words }) => words,
    ),
  ]
  const count = failed.length + unreachable.length
  if (count + skipped.length === 0) return nothing
  return html`<section><h2>What did not end well</h2>
${failed.slice(0, mostTold).map(failure)}${list('more failed', failed.slice(mostTold), ({ id, words }) => html`<b>${id}</b> ${words}`)}${unreachable
  .slice(0, mostTold)
  .map(([host, all]) =>
    lost(host, all),
  )}${list('more hosts out of reach', unreachable.slice(mostTold), ([host]) => html`${host}`)}${
  skipped.length === 0
    ? nothing
    : html`<h3>Skipped</h3><ul class="skipped">${skipped.slice(0, mostTold).map(
        ([why, all]) =>
          html`<li>${someOf(
            all.map(({ id }) => id),
            12,
          )}: ${why}</li>`,
      )}</ul>`
}</section>`
}

const list = <A>(what: string, all: readonly A[], show: (one: A) => Html): Html =>
  all.length === 0
    ? nothing
    : html`<details><summary>${all.length} ${what}</summary><ul>${all
        .slice(0, mostListed)
        .map(one => html`<li>${show(one)}</li>`)}</ul></details>`

const failure = (step: StepReport): Html => {
  const { id, end, words, wayOut, output, commands, signals, waits, planned } = step
  const last = waits.at(-1)
  const said = output ?? commands.at(-1)?.output ?? ''
  return html`<article class="failure"><h3>${id} ${state(end)}</h3>
<p class="why">${end === 'under way' ? 'It was begun, and what became of it is not known.' : words}</p>${
    wayOut === null ? nothing : html`<p class="way"><b>Way out:</b> ${wayOut}</p>`
  }
<dl class="evidence">${planned === null ? nothing : html`<dt>Wanted</dt><dd>${planned.desired}</dd>`}${
    planned?.found ? evidence(planned.found) : nothing
  }${commands.map(({ what, code }) => html`<dt>Command</dt><dd>${what} ended with ${code}</dd>`)}${signals.map(
    signal => html`<dt>Signal</dt><dd>${signal}</dd>`,
  )}${last === undefined ? nothing : html`<dt>Last waited for</dt><dd>${last.for}</dd>`}</dl>${
    said.trim() === '' ? nothing : tail(said)
  }</article>
`
}

const lost = (host: string, steps: readonly StepReport[]): Html =>
  html`<article class="failure"><h3>${host} ${state('unreachable')}</h3><p class="why">${steps[0]?.words ?? ''}</p><p class="quiet">${plural(steps.length, 'service')} there: ${someOf(steps.map(({ id }) => idParts(id).service))}</p></article>
`

const mostRows = 30

const evidence = (found: Verdict): Html => {
  const { instances, undeclared, ports, seenBy } = found.evidence
  const processes = [...instances, ...undeclared].flatMap(({ instance, copies }) =>
    copies.length === 0
      ? [html`<li><b>${instanceInWords(instance)}</b> no process</li>`]
      : copies.map(
          ([leader]) => html`<li><b>${instanceInWords(instance)}</b> <code>${processInWords(leader, 160)}</code></li>`,
        ),
  )
  const held = ports.map(({ wanted, open, own, strangers, hidden }) => {
    const who = [...own, ...strangers].map(process => processInWords(process, 100)).join(' and ')
    return html`<li><b>${showListenAddress(wanted)}</b> ${who || (hidden ? 'held by somebody who cannot be seen' : open ? 'open' : 'nobody listens')}</li>`
  })
  return html`<dt>Found before</dt><dd>${verdictInWords(found)}</dd>${rows('Processes', processes)}${rows('Ports', held)}<dt>Seen by</dt><dd>${seenBy.join(', ')} at ${new Date(found.evidence.takenAtMs).toISOString().slice(11, 19)} UTC</dd>`
}

const rows = (title: string, all: readonly Html[]): Html =>
  all.length === 0
    ? nothing
    : html`<dt>${title}</dt><dd><ul>${all.slice(0, mostRows)}${all.length > mostRows ? html`<li>${all.length - mostRows} more</li>` : nothing}</ul></dd>`

const mostLines = 40
const mostLetters = 6000

/** What was said last is what tells. */
const tail = (output: string): Html => {
  const lines = printableLines(output.slice(-mostLetters))
  const shown = lines.slice(-mostLines)
  const isCut = shown.length < lines.length || output.length > mostLetters
  return html`<figure><figcaption>What it printed${isCut ? ', the end of it' : ''}</figcaption><pre>${shown.join('\n')}</pre></figure>`
}
