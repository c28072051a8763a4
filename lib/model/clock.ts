/** Time, as something that is passed in: whoever tries things out brings their own. */

export type Clock = Readonly<{
  /** Milliseconds since 1970. */
  now: () => number
  sleep: (ms: number) => Promise<void>
}>
