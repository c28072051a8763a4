/** Time, as something that is passed in: whoever tries things out brings their own. */

/** What tells the time, and waits. */
export type Clock = Readonly<{
  /** Milliseconds since 1970. */
  now: () => number
  /** Resolves when that time has passed. */
  sleep: (ms: number) => Promise<void>
}>
