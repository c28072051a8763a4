/** How much a value unfolds into: a few lines can make gigabytes out of shared lists, and every walk goes over all of it. */
import { MapView } from '../../model/lazy-map.js'
import type { SourcePos } from '../../model/place.js'
import { isList, isMap, type Value } from '../../model/value.js'
import { fail } from './fault.js'

/** The most that text may hold (Linux takes no longer word: MAX_ARG_STRLEN), and a list with all that is in it. */
export const maxLength = 128 * 1024

/** So many letters weigh as much as one item. */
const lettersPerItem = 64

/** The text, unless it is too long; `more` is what will be added to it. */
export const bounded = (text: string, at: SourcePos, more = 0): string =>
  text.length + more > maxLength ? fail(at, `this makes a text longer than ${maxLength / 1024} KiB`) : text

/** The value, unless it is too large or too deep. */
export const weighed = <A extends Value>(value: A, at: SourcePos): A => {
  const { weight, depth } = sizeOf(value)
  if (weight > maxLength) fail(at, `this makes a value of more than ${maxLength} items`)
  return depth > maxNesting ? fail(at, `this makes a value that is nested more than ${maxNesting} deep`) : value
}

export const weightOf = (value: Value): number => sizeOf(value).weight

const maxNesting = 200

type Size = Readonly<{ weight: number; depth: number }>
const known = new WeakMap<object, Size>()

/** Each list and map is measured once, as its parts never change. */
const sizeOf = (value: Value): Size => {
  if (typeof value === 'string') return { weight: 1 + value.length / lettersPerItem, depth: 0 }
  // What is not worked out yet weighs nothing; whoever walks over it spends steps on each of its parts.
  if ((!isList(value) && !isMap(value)) || value instanceof MapView) return { weight: 1, depth: 0 }
  const before = known.get(value)
  if (before !== undefined) return before
  let [weight, depth] = [1, 0]
  for (const item of value.values()) {
    const size = sizeOf(item)
    weight += size.weight
    depth = Math.max(depth, size.depth + 1)
  }
  if (isMap(value)) for (const key of value.keys()) weight += sizeOf(key).weight
  const size = { weight, depth }
  known.set(value, size)
  return size
}
