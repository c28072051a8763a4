/** What happens right now, for the lines at the foot of a terminal. */
import { plural, showMs } from './columns.js'
import { printable } from './printable.js'
import type { Progress } from './progress.js'
import type { Style } from './style.js'

/** At most `height` lines of at most `width` characters. */
export const liveLines = (
  progress: Progress,
  nowMs: number,
  width: number,
  height: number,
  style: Style,
): readonly string[] => {
  if (progress.recap !== null) return []
  const took = showMs(nowMs - progress.startedAtMs)
  if (progress.total === 0 && progress.active.size === 0) {
    return [style.quiet(cut(`looking: ${progress.observed} of ${plural(progress.hosts, 'host')}, ${took}`, width))]
  }
  const head = `${progress.ended} of ${progress.total} done${progress.failed > 0 ? `, ${progress.failed} failed` : ''}, ${took}`
  const active = [...progress.active].sort(([, a], [, b]) => a.sinceMs - b.sinceMs)
  const room = Math.max(1, height - 2)
  const shown = active.slice(0, active.length > room ? room - 1 : room)
  const rest = active.length - shown.length
  return [
    ...shown.map(([id, { sinceMs, waitsFor }]) =>
      cut(printable(`  ${id}  ${showMs(nowMs - sinceMs)}  ${waitsFor}`), width),
    ),
    ...(rest > 0 ? [style.quiet(`  … and ${rest} more`)] : []),
    style.quiet(cut(head, width)),
  ]
}

const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(1, width - 1))}…` : text
