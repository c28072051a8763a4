/** Maps whose values are made when they are asked for: an inventory has more of everything than is looked at. */

/** A set, or a map of something else: what has the keys. */
export type Keys<K> = Pick<ReadonlySet<K>, 'size' | 'has' | 'keys'>

/** A value is made each time. */
export class MapView<K, V> implements ReadonlyMap<K, V> {
  readonly #keys: Keys<K>
  readonly #make: (key: K) => V

  constructor(keys: Keys<K>, make: (key: K) => V) {
    this.#keys = keys
    this.#make = make
  }

  get size(): number {
    return this.#keys.size
  }

  has(key: K): boolean {
    return this.#keys.has(key)
  }

  get(key: K): V | undefined {
    return this.#keys.has(key) ? this.#make(key) : undefined
  }

  keys(): MapIterator<K> {
    return this.#keys.keys()
  }

  *values(): MapIterator<V> {
    for (const [, value] of this) yield value
  }

  *entries(): MapIterator<[K, V]> {
    for (const key of this.#keys.keys()) yield [key, this.get(key) as V]
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }
}

/** A value is made once. */
export class LazyMap<K, V> extends MapView<K, V> {
  constructor(keys: Keys<K>, make: (key: K) => V) {
    const made = new Map<K, V>()
    super(keys, key => {
      const known = made.get(key)
      if (known !== undefined) return known
      const value = make(key)
      made.set(key, value)
      return value
    })
  }
}
