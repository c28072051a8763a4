/** Order among things that come after one another; knows nothing of services or hosts. */

/** A way round from a thing to itself, the first of it repeated at the end; null where there is none. */
export const findCycle = <K>(nodes: Iterable<K>, edges: (node: K) => readonly K[]): readonly K[] | null => {
  const done = new Set<K>()
  for (const start of nodes) {
    const cycle = cycleFrom(start, edges, done)
    if (cycle !== null) return cycle
  }
  return null
}

/** Depth first with a stack of our own, so that a long chain cannot overflow the machine's. */
const cycleFrom = <K>(start: K, edges: (node: K) => readonly K[], done: Set<K>): readonly K[] | null => {
  const path: { node: K; rest: Iterator<K> }[] = []
  const onPath = new Set<K>()
  const enter = (node: K): void => {
    path.push({ node, rest: edges(node)[Symbol.iterator]() })
    onPath.add(node)
  }
  if (!done.has(start)) enter(start)
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const { value: next, done: isLast } = top.rest.next()
    if (isLast) {
      done.add(top.node)
      onPath.delete(top.node)
      path.pop()
    } else if (onPath.has(next)) {
      const nodes = path.map(({ node }) => node)
      return [...nodes.slice(nodes.indexOf(next)), next]
    } else if (!done.has(next)) {
      enter(next)
    }
  }
  return null
}
