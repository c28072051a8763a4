/** How often to look while waiting: quickly at first, as many things take a second, then once a second. */
import type { Clock } from '../model/clock.js'

const firstMs = 100
const slowestMs = 1000
const growth = 1.5

/** Waits before each look but never past `untilMs`; false once that time has come. */
export const pace = (clock: Clock): ((untilMs: number) => Promise<boolean>) => {
  let nextMs = firstMs
  return async untilMs => {
    const left = untilMs - clock.now()
    if (left <= 0) return false
    await clock.sleep(Math.min(nextMs, left))
    nextMs = Math.min(nextMs * growth, slowestMs)
    return true
  }
}
