/** Events that say the same of many services, told as one. */
import type { RunEvent } from '../model/event.js'
import { idParts } from '../model/plan.js'
import { plural, someOf } from './columns.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

type Skipped = Extract<RunEvent, { _tag: 'StepSkipped' }>

/** By their reason, in the order they came. */
export const skippedLines = (skipped: readonly Skipped[], style: Style): readonly string[] => {
  const byReason = new Map<string, string[]>()
  for (const { id, because } of skipped) {
    const ids = byReason.get(because)
    if (ids === undefined) byReason.set(because, [id])
    else ids.push(id)
  }
  return [...byReason].map(([because, ids]) => `${style.quiet('skipped')}: ${printable(`${whom(ids)} ${because}`)}`)
}

const whom = (ids: readonly string[]): string => {
  if (ids.length === 1) return `[${ids[0]}]`
  const services = distinct(ids.map(id => idParts(id).service))
  const hosts = distinct(ids.map(id => idParts(id).host))
  return `${plural(ids.length, 'step')}, ${someOf(services, 3)} on ${someOf(hosts, 4)}:`
}

const distinct = (words: readonly string[]): readonly string[] => [...new Set(words)]
