/** What is in a value: the items of a list, the letters of a text, the keys of a map, and attributes by their paths. */
import { type Keys, MapView } from '../../model/lazy-map.js'
import type { SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import { isList, isMap, kindOfValue, type Value } from '../../model/value.js'
import { fail } from './fault.js'
import { Missing } from './scope.js'

export const itemsOf = (value: Value, at: SourcePos): readonly Value[] => {
  if (isList(value)) return value
  if (isMap(value)) return [...value.keys()]
  return typeof value === 'string' ? [...value] : fail(at, `there are no items in ${kindOfValue(value)}`)
}

/** A map of what is worked out when it is asked for; `problem`: what is said where a key is needed that is not there. */
export class KeyedView extends MapView<string, Value> {
  readonly problem: (key: string, at: SourcePos) => InputProblem

  constructor(keys: Keys<string>, make: (key: string) => Value, problem: (key: string, at: SourcePos) => InputProblem) {
    super(keys, make)
    this.problem = problem
  }
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
    if (whole instanceof KeyedView) return new Missing(whole.problem(String(key), at))
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
