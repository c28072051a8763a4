/** What is in a value: the items of a list, the letters of a text, the keys of a map, and attributes by their paths. */
import type { SourcePos } from '../../model/place.js'
import { isList, isMap, kindOfValue, type Value } from '../../model/value.js'
import { fail } from './fault.js'
import { Missing } from './scope.js'

export const itemsOf = (value: Value, at: SourcePos): readonly Value[] => {
  if (isList(value)) return value
  if (isMap(value)) return [...value.keys()]
  return typeof value === 'string' ? [...value] : fail(at, `there are no items in ${kindOfValue(value)}`)
}

/** By a dotted path, `a.0.b`, or a number. */
export const attributeOf = (item: Value, path: Value, at: SourcePos): Value | Missing => {
  const keys = typeof path === 'string' ? path.split('.') : [path]
  let found: Value | Missing = item
  for (const key of keys) {
    if (found instanceof Missing) return found
    found = itemIn(found, typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : key, at, 'this')
  }
  return found
}

/** `name`: how the whole is called in a message. Nothing but keys of maps and items of lists can be had. */
export const itemIn = (whole: Value, key: Value, at: SourcePos, name: string): Value | Missing => {
  if (isMap(whole)) {
    const found = typeof key === 'string' ? whole.get(key) : undefined
    if (found !== undefined) return found
    return new Missing({ _tag: 'UnknownWord', at, what: `key of ${name}`, word: String(key), known: [...whole.keys()] })
  }
  if ((isList(whole) || typeof whole === 'string') && typeof key === 'number') {
    const items = isList(whole) ? whole : [...whole]
    const found = items[key < 0 ? key + items.length : key]
    const reason = `${name} holds ${items.length}, and none at ${key}`
    return (
      found ?? (key < items.length && key >= -items.length ? null : new Missing({ _tag: 'BadTemplate', at, reason }))
    )
  }
  const wanted = typeof key === 'string' ? `"${key}"` : kindOfValue(key)
  return new Missing({ _tag: 'BadTemplate', at, reason: `${name} is ${kindOfValue(whole)}, which has no ${wanted}` })
}
