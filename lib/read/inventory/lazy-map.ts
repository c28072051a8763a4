/** A map whose values are made when they are asked for, and once: an inventory has more groups than are looked at. */

export class LazyMap<K, V> implements ReadonlyMap<K, V> {
  readonly #keys: ReadonlySet<K>
  readonly #made = new Map<K, V>()
  readonly #make: (key: K) => V

  constructor(keys: Iterable<K>, make: (key: K) => V) {
    this.#keys = new Set(keys)
    this.#make = make
  }

  get size(): number {
    return this.#keys.size
  }

  has(key: K): boolean {
    return this.#keys.has(key)
  }

  get(key: K): V | undefined {
    if (!this.#keys.has(key)) return undefined
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const made = this.#make(key)
    this.#made.set(key, made)
    return made
  }

  keys(): MapIterator<K> {
    return this.#keys.keys()
  }

  *values(): MapIterator<V> {
    for (const [, value] of this) yield value
  }

  *entries(): MapIterator<[K, V]> {
    for (const key of this.#keys) yield [key, this.get(key) as V]
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(visit: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }
}
