/** Events to the screen: NDJSON, lines that stay, or lines with a live foot where there is a terminal. */
import logUpdate from 'log-update'
import type { RunEvent } from '../model/event.js'
import { toJson } from '../report/json.js'
import { liveLines } from '../report/live.js'
import { advance, noProgress } from '../report/progress.js'
import { conclusion, runLines } from '../report/run-lines.js'
import type { Style } from '../report/style.js'

export type Screen = Readonly<{ show: (event: RunEvent) => void; close: () => void }>

const redrawMs = 100

export const jsonScreen: Screen = {
  show: event => console.log(toJson(event)),
  close: () => {},
}

export const textScreen = (style: Style, live: boolean): Screen => {
  let progress = noProgress
  const draw = (): void => {
    const { columns, rows } = process.stdout
    logUpdate(liveLines(progress, Date.now(), columns, rows, style).join('\n'))
  }
  const timer = live ? setInterval(draw, redrawMs) : null
  return {
    show: event => {
      progress = advance(progress, event)
      const lines = [...runLines(event, style)]
      if (event._tag === 'RunEnded' && event.recap.size > 0) {
        lines.push('', conclusion(event.recap.values(), event.atMs - progress.startedAtMs))
      }
      if (lines.length === 0) return
      if (live) logUpdate.clear()
      console.log(lines.join('\n'))
      if (live) draw()
    },
    close: () => {
      if (timer === null) return
      clearInterval(timer)
      logUpdate.clear()
      logUpdate.done()
    },
  }
}
