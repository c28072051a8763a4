/** The time of this machine. */
import type { Clock } from '../model/clock.js'

export const systemClock: Clock = {
  now: Date.now,
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
}
