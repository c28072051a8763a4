/** A run as one page: nothing is loaded for it, nothing in it runs, and it can be read without colours. */
import { hostsByKind } from '../../model/rollout.js'
import { failuresPart } from './failures.js'
import type { RunReport } from './fold.js'
import { type Html, html, markupOf, nothing } from './html.js'
import { matrixPart } from './matrix.js'
import { pageStyle } from './page-style.js'
import { type About, recapPart, sentenceOf, summaryPart } from './summary.js'
import { timelinePart } from './timeline.js'

/** `drawing`: the graph as an `<svg>`, or why there is none. */
export const pageOf = (report: RunReport, about: About, drawing: Drawing): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${sentenceOf(report)} ${about.command}</title>
<style>${markupOf(pageStyle)}</style>
</head>
<body>
<main>
${summaryPart(report, about)}
${stoppedPart(report)}
${failuresPart(report)}
${matrixPart(report)}
${timelinePart(report)}
${graphPart(drawing)}
${recapPart(report)}
</main>
</body>
</html>
`.markup

export type Drawing = Readonly<{ _tag: 'Drawn'; svg: string } | { _tag: 'NotDrawn'; why: string }>

const graphPart = (drawing: Drawing): Html =>
  html`<section><h2>Services and their order <small>an arrow leads to what comes after</small></h2>${
    drawing._tag === 'Drawn'
      ? html`<div class="wide drawing" tabindex="0" role="region" aria-label="graph of services">${markupOf(drawing.svg)}</div>`
      : html`<p class="quiet">Not drawn: ${drawing.why}</p>`
  }</section>`

const stoppedPart = ({ stopped }: RunReport): Html => {
  if (stopped === null) return nothing
  const { why, hosts } = stopped
  return html`<section class="stopped"><h2>The rollout was stopped</h2><p>${why}</p><dl class="evidence">${hostsByKind(
    hosts,
  ).map(
    ([kind, some]) =>
      html`<dt>${kind}</dt><dd>${some.slice(0, 100).join(', ')}${some.length > 100 ? ` and ${some.length - 100} more` : ''}</dd>`,
  )}</dl></section>`
}
