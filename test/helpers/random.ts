/** Luck that comes again: the same seed draws the same numbers, everywhere. */

/** The next number, from 0 up to but not including `below`. */
export type Random = (below: number) => number

/** mulberry32. */
const randomOf = (seed: number): Random => {
  let state = seed >>> 0
  return below => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export const pick = <A>(all: readonly A[], random: Random): A => {
  const one = all[random(all.length)]
  if (one === undefined) throw new Error('nothing to pick from')
  return one
}

/** How many runs, and with which luck: as the environment says, else so many with another luck each time. */
export const wanted = (runs: number): Soaking => ({
  runs: Number(process.env['STEWARD_RUNS'] ?? runs),
  seed: Number(process.env['STEWARD_SEED'] ?? Date.now() % 1_000_000_000),
})

export type Soaking = Readonly<{ seed: number; runs: number }>

/** Does one run after the other, each by its own seed; a failure names the seed that repeats it alone. */
export const soak = async ({ seed, runs }: Soaking, run: (random: Random, i: number) => unknown): Promise<void> => {
  for (let i = 0; i < runs; i += 1) {
    try {
      await run(randomOf(seed + i), i)
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
      throw new Error(`STEWARD_SEED=${seed + i} STEWARD_RUNS=1: ${why}`)
    }
  }
}
