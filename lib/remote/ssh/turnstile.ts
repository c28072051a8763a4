/** Lets a few tasks pass at once; the others wait in line, first come, first served. */
export const turnstile = (limit: number): (<A>(task: () => Promise<A>) => Promise<A>) => {
  let inside = 0
  const line: (() => void)[] = []
  return async task => {
    if (inside < limit) inside += 1
    else await new Promise<void>(resolve => line.push(resolve))
    try {
      return await task()
    } finally {
      const next = line.shift()
      // Whoever leaves hands its place on, so that nobody can slip in between.
      if (next === undefined) inside -= 1
      else next()
    }
  }
}
