/** What happens right now, for the lines at the foot of a terminal. */
import { cellsOf } from './cells.js'
import { inColumns, plural, showMs, someOf } from './columns.js'
import { printable } from './printable.js'
import { type Progress, type Tally, unanswered, type Waiting } from './progress.js'
import type { Style } from './style.js'

/** At most half of `height` lines, so that what failed stays in view above them, each of at most `width` cells. */
export const liveLines = (
  progress: Progress,
  nowMs: number,
  width: number,
  height: number,
  style: Style,
): readonly string[] => {
  const { recap, plan, active, acts, play, held } = progress
  if (recap !== null) return []
  const took = showMs(nowMs - progress.startedAtMs)
  if (plan === null && active.size === 0) return [style.quiet(cut(looking(progress, took), width))]
  const isPart = play !== null && play.acts.total < acts.total
  const foot = [
    ...(isPart ? [playLine(play)] : []),
    ...(held === null ? [] : [`waiting for ${held.waitsFor}, ${showMs(nowMs - held.sinceMs)} by now`]),
    `${isPart ? 'in all: ' : ''}${inAll(acts, active.size, took)}`,
  ]
  const room = Math.max(1, Math.floor(height / 2) - foot.length)
  return [
    ...activeLines([...active], nowMs, room, width),
    ...foot.map(line => style.quiet(cut(printable(line), width))),
  ]
}

const looking = (progress: Progress, took: string): string => {
  const { hosts, looked, unreachable } = progress
  const left = unanswered(progress)
  const away = unreachable > 0 ? `, ${unreachable} out of reach` : ''
  const whom = left.length > 0 && (looked?.count ?? 0) > 0 ? `; not yet: ${someOf(left, 4)}` : ''
  return printable(`looking: ${looked?.count ?? 0} of ${plural(hosts.length, 'host')}${away}, ${took}${whom}`)
}

const playLine = ({ name, acts }: NonNullable<Progress['play']>): string =>
  acts.total === 0 ? name : `${name}: ${tallyInWords(acts)}`

const inAll = (acts: Tally, underWay: number, took: string): string =>
  `${tallyInWords(acts)}${underWay > 0 ? `, ${underWay} under way` : ''}, ${took}`

const tallyInWords = ({ total, ended, failed, skipped }: Tally): string =>
  [
    total === 0 ? 'nothing to do' : `${ended} of ${total} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ')

/** The longest under way first; those that find no room are told by what they wait for. */
const activeLines = (
  active: readonly (readonly [string, Waiting])[],
  nowMs: number,
  room: number,
  width: number,
): readonly string[] => {
  const oldestFirst = [...active].sort(([, a], [, b]) => a.sinceMs - b.sinceMs)
  const shown = oldestFirst.slice(0, active.length > room ? room - 1 : room)
  const rest = oldestFirst.slice(shown.length)
  const rows = shown.map(([id, { sinceMs, waitsFor }]) => [
    cut(printable(`  ${id}`), Math.floor(width / 2)),
    showMs(nowMs - sinceMs),
    printable(waitsFor),
  ])
  const lines = inColumns(rows).map(row => row.join('  '))
  return [...lines, ...(rest.length > 0 ? [restLine(rest)] : [])].map(line => cut(line, width))
}

const restLine = (rest: readonly (readonly [string, Waiting])[]): string => {
  const counts = new Map<string, number>()
  for (const [, { waitsFor }] of rest) counts.set(waitsFor, (counts.get(waitsFor) ?? 0) + 1)
  const reasons = [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`)
  return printable(`  … and ${rest.length} more: ${reasons.join('; ')}`)
}

const cut = (text: string, width: number): string => {
  if (cellsOf(text) <= width) return text
  let kept = ''
  for (const letter of text) {
    if (cellsOf(kept + letter) > width - 1) break
    kept += letter
  }
  return `${kept}…`
}
