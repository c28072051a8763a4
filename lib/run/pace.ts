/** How often to look while waiting: quickly at first, as many things take a second, then once a second. */
import type { Clock } from '../model/clock.js'

const quickestMs = 100
const slowestMs = 1000

/**
 * Waits before each look but never past `untilMs`; false once that time has come. Each wait is this share of the time
 * gone by so far: what took its time is seen to be done at most that much later.
 */
export const pace = (clock: Clock, share = 0.1): ((untilMs: number) => Promise<boolean>) => {
  const sinceMs = clock.now()
  return async untilMs => {
    const nowMs = clock.now()
    if (nowMs >= untilMs) return false
    const nextMs = Math.min(Math.max((nowMs - sinceMs) * share, quickestMs), slowestMs)
    await clock.sleep(Math.min(nextMs, untilMs - nowMs))
    return true
  }
}
