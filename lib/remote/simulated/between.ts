/** Latencies at random that come again. */

/** Each call draws the next one, evenly from `leastMs` up to but not including `mostMs`; the same seed, the same draws. */
export const between = (leastMs: number, mostMs: number, seed: number): (() => number) => {
  // mulberry32
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return leastMs + (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (mostMs - leastMs)
  }
}
