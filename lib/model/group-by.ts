/** Things by what they have in common, in their order. */

export const groupBy = <A, K>(all: Iterable<A>, keyOf: (one: A) => K): ReadonlyMap<K, readonly A[]> => {
  const groups = new Map<K, A[]>()
  for (const one of all) add(one, keyOf(one), groups)
  return groups
}

/** The same where a thing may have several keys, or none. */
export const groupByEach = <A, K>(all: Iterable<A>, keysOf: (one: A) => readonly K[]): ReadonlyMap<K, readonly A[]> => {
  const groups = new Map<K, A[]>()
  for (const one of all) for (const key of keysOf(one)) add(one, key, groups)
  return groups
}

const add = <A, K>(one: A, key: K, groups: Map<K, A[]>): void => {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [one])
  else group.push(one)
}
