/** Time, as something that is passed in: a test brings its own. */

export type Clock = Readonly<{
  /** Milliseconds since 1970. */
  now: () => number
  sleep: (ms: number) => Promise<void>
}>

export const systemClock: Clock = {
  now: Date.now,
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
}
