/** Events to the screen: NDJSON, lines that stay, or lines with a live foot where there is a terminal. */
import type logUpdate from 'log-update'
import type { RunEvent } from '../model/event.js'
import { conclusion } from '../report/conclusion.js'
import { diffLines } from '../report/diff.js'
import { skippedLines } from '../report/fold.js'
import { eventLine } from '../report/json.js'
import { liveLines } from '../report/live.js'
import { loginLines } from '../report/login-lines.js'
import { printable } from '../report/printable.js'
import { advance, noProgress } from '../report/progress.js'
import { hostKeyLine, runLines } from '../report/run-lines.js'
import type { Style } from '../report/style.js'
import { printerTo } from './printer.js'
import { fitted, windowSize } from './window.js'

export type Screen = Readonly<{
  show: (event: RunEvent) => void
  /** A line to the person, not to whatever reads stdout. */
  say: (line: string) => void
  /** Lines for whoever reads the results. */
  tell: (lines: readonly string[]) => void
  /** Leaves the terminal to whoever works on it meanwhile. */
  hold: <A>(work: () => Promise<A>) => Promise<A>
  /** Steps that have begun and not ended. */
  underWay: () => readonly string[]
  close: () => void
}>

const redrawMs = 100

/** For what prints its own results: what has changed here is said, and how logins went where that was asked for; not on stdout. */
export const silentScreen: Screen = {
  show: event => {
    if (event._tag === 'HostKeyRecorded') console.error(printable(`steward: ${hostKeyLine(event)}`))
    if (event._tag === 'LoginTried') console.error(loginLines(event).join('\n'))
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

/** `diff`: before the first act, what was seen against what should be. `verbose`: as many as there are `v`. */
export type Shown = Readonly<{ diff?: true; verbose?: number }>

/** `foot` redraws the lines at the bottom of a terminal; null: nothing is live. */
export const textScreen = (style: Style, foot: typeof logUpdate | null, shown: Shown = {}): Screen => {
  const { diff, verbose = 0 } = shown
  let progress = noProgress
  let isHeld = false
  /** A rollout that is stopped skips many steps for one reason: they are told together, before what comes next. */
  let skipped: Extract<RunEvent, { _tag: 'StepSkipped' }>[] = []
  /** The heading of a play behind them, which needs none if all of it is skipped too. */
  let unsaid: readonly string[] = []
  const draw = (): void => {
    if (isHeld || foot === null) return
    const { columns, rows } = windowSize()
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
  /** What needed nothing, as far as anybody knew. */
  const isQuiet = (event: RunEvent): boolean =>
    event._tag === 'StepSucceeded' && !event.changed && verbose < 1 && !progress.active.has(event.id)
  const linesOf = (event: RunEvent): readonly string[] => {
    if (isQuiet(event)) return []
    // Whoever sees it scroll by is told what counts; a file has every host.
    const lines = [...runLines(event, style, verbose, foot !== null && verbose < 1)]
    // It ends each service with an empty line, of which the first play has one of its own.
    const differences = diff && event._tag === 'Planned' ? diffLines(event.plan, style) : []
    if (differences.length > 0) lines.push('', ...differences.slice(0, -1))
    if (event._tag === 'RunEnded' && event.recap.size > 0) {
      lines.push('', conclusion(event, event.atMs - progress.startedAtMs))
    }
    return lines
  }
  const tellSkipped = (heading: readonly string[] = []): void => {
    printer.print(fitted([...skippedLines(skipped, style), ...heading]))
    skipped = []
    unsaid = []
  }
  return {
    show: event => {
      const lines = event._tag === 'StepSkipped' ? [] : linesOf(event)
      progress = advance(progress, event)
      if (event._tag === 'StepSkipped') skipped.push(event)
      else if (event._tag === 'PlayStarted' && skipped.length > 0) unsaid = lines
      else if (lines.length > 0) {
        tellSkipped(event._tag === 'RunEnded' || event._tag === 'RolloutStopped' ? [] : unsaid)
        printer.print(fitted(lines))
      }
    },
    say: line => {
      printer.flush()
      above(() => console.error(process.stderr.isTTY ? fitted([line]).join('\n') : line))
    },
    tell: lines => printer.print(fitted(lines)),
    hold: async work => {
      tellSkipped()
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
      tellSkipped()
      printer.flush()
      if (timer === null) return
      clearInterval(timer)
      foot?.clear()
      foot?.done()
    },
  }
}
