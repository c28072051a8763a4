/** Events to the screen: NDJSON, lines that stay, or lines with a live foot where there is a terminal. */
import logUpdate from 'log-update'
import type { RunEvent } from '../model/event.js'
import type { StepId } from '../model/plan.js'
import { diffLines } from '../report/diff.js'
import { toJson } from '../report/json.js'
import { liveLines } from '../report/live.js'
import { printable } from '../report/printable.js'
import { advance, noProgress } from '../report/progress.js'
import { conclusion, hostKeyLine, runLines } from '../report/run-lines.js'
import type { Style } from '../report/style.js'

export type Screen = Readonly<{
  show: (event: RunEvent) => void
  /** A line to the person, not to whatever reads stdout. */
  say: (line: string) => void
  /** Steps that have begun and not ended. */
  underWay: () => readonly StepId[]
  close: () => void
}>

const redrawMs = 100

/** For what prints its own results: only what has changed here is said, and not to whoever reads stdout. */
export const silentScreen: Screen = {
  show: event => {
    if (event._tag === 'HostKeyRecorded') console.error(printable(`steward: ${hostKeyLine(event)}`))
  },
  say: () => {},
  underWay: () => [],
  close: () => {},
}

export const jsonScreen = (): Screen => {
  let progress = noProgress
  return {
    show: event => {
      progress = advance(progress, event)
      console.log(toJson(event))
    },
    say: line => console.error(line),
    underWay: () => [...progress.active.keys()],
    close: () => {},
  }
}

/** `diff`: before the first act, what was seen against what should be. */
export const textScreen = (style: Style, live: boolean, diff = false): Screen => {
  let progress = noProgress
  const draw = (): void => {
    const { columns, rows } = process.stdout
    logUpdate(liveLines(progress, Date.now(), columns, rows, style).join('\n'))
  }
  /** Lines that stay go above the live foot. */
  const above = (print: () => void): void => {
    if (live) logUpdate.clear()
    print()
    if (live) draw()
  }
  const timer = live ? setInterval(draw, redrawMs) : null
  return {
    show: event => {
      progress = advance(progress, event)
      const lines = [...runLines(event, style)]
      // It ends each service with an empty line, of which the first play has one of its own.
      const differences = diff && event._tag === 'Planned' ? diffLines(event.plan, style) : []
      if (differences.length > 0) lines.push('', ...differences.slice(0, -1))
      if (event._tag === 'RunEnded' && event.recap.size > 0) {
        lines.push('', conclusion(event.recap.values(), event.atMs - progress.startedAtMs))
      }
      if (lines.length > 0) above(() => console.log(lines.join('\n')))
    },
    say: line => above(() => console.error(line)),
    underWay: () => [...progress.active.keys()],
    close: () => {
      if (timer === null) return
      clearInterval(timer)
      logUpdate.clear()
      logUpdate.done()
    },
  }
}
