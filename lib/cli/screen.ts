/** Events to the screen: NDJSON, lines that stay, or lines with a live foot where there is a terminal. */
import type logUpdate from 'log-update'
import type { RunEvent } from '../model/event.js'
import type { StepId } from '../model/plan.js'
import { diffLines } from '../report/diff.js'
import { eventLine } from '../report/json.js'
import { liveLines } from '../report/live.js'
import { printable } from '../report/printable.js'
import { advance, noProgress } from '../report/progress.js'
import { conclusion, hostKeyLine, runLines } from '../report/run-lines.js'
import type { Style } from '../report/style.js'
import { printerTo } from './printer.js'

export type Screen = Readonly<{
  show: (event: RunEvent) => void
  /** A line to the person, not to whatever reads stdout. */
  say: (line: string) => void
  /** Lines for whoever reads the results. */
  tell: (lines: readonly string[]) => void
  /** Leaves the terminal to whoever works on it meanwhile. */
  hold: <A>(work: () => Promise<A>) => Promise<A>
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
  tell: () => {},
  hold: work => work(),
  underWay: () => [],
  close: () => {},
}

export const jsonScreen = (): Screen => {
  let progress = noProgress
  const printer = printerTo(write => write())
  return {
    show: event => {
      progress = advance(progress, event)
      printer.print([eventLine(event)])
    },
    say: line => {
      printer.flush()
      console.error(line)
    },
    tell: () => {},
    hold: work => {
      printer.flush()
      return work()
    },
    underWay: () => [...progress.active.keys()],
    close: printer.flush,
  }
}

/** `diff`: before the first act, what was seen against what should be. */
/** `foot` redraws the lines at the bottom of a terminal; null: nothing is live. */
export const textScreen = (style: Style, foot: typeof logUpdate | null, diff = false): Screen => {
  let progress = noProgress
  let isHeld = false
  const draw = (): void => {
    if (isHeld || foot === null) return
    const { columns, rows } = process.stdout
    foot(liveLines(progress, Date.now(), columns, rows, style).join('\n'))
  }
  /** Lines that stay go above the live foot. */
  const above = (print: () => void): void => {
    foot?.clear()
    print()
    draw()
  }
  const printer = printerTo(above)
  const timer = foot === null ? null : setInterval(draw, redrawMs)
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
      printer.print(lines)
    },
    say: line => {
      printer.flush()
      above(() => console.error(line))
    },
    tell: printer.print,
    hold: async work => {
      printer.flush()
      isHeld = true
      foot?.clear()
      try {
        return await work()
      } finally {
        isHeld = false
      }
    },
    underWay: () => [...progress.active.keys()],
    close: () => {
      printer.flush()
      if (timer === null) return
      clearInterval(timer)
      foot?.clear()
      foot?.done()
    },
  }
}
