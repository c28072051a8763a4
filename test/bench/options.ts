/** What a benchmark is told on the command line; each heeds what means anything to it. */
export type BenchOptions = Readonly<{
  hosts?: number
  rounds?: number
  /** Rounds of what takes minutes. */
  slow?: number
  /** A folder for what it has measured. */
  out?: string
}>
