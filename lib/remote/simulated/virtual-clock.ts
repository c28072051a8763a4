/** A clock that stands still while anything is being worked on, and jumps to the next waker when all wait. */
import type { Clock } from '../../model/clock.js'

export const virtualClock = (): Clock => {
  const wakers: { atMs: number; wake: () => void }[] = []
  let nowMs = 1_000_000
  let scheduled = false

  // What runs on promises alone has come to rest by the time an immediate is called.
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      wakers.sort((a, b) => a.atMs - b.atMs)
      const next = wakers.shift()
      if (next === undefined) return
      nowMs = Math.max(nowMs, next.atMs)
      next.wake()
      if (wakers.length > 0) schedule()
    })
  }

  return {
    now: () => nowMs,
    sleep: ms =>
      new Promise(resolve => {
        wakers.push({ atMs: nowMs + ms, wake: resolve })
        schedule()
      }),
  }
}
