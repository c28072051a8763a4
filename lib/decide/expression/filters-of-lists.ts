/** Filters over the items of lists; texts count as their letters and maps as their keys. */
import { identityOf, isList, isMap, kindOfValue, numberOf, orderOf, type Value } from '../../model/value.js'
import { type Bound, bind, type Filter, type Given } from './arguments.js'
import { EvaluationFault, fail } from './fault.js'
import { attributeOf, itemsOf } from './items.js'
import { calculate } from './operators.js'
import { Missing } from './scope.js'

const ofItems =
  (choose: (items: readonly Value[], given: Given) => Value): Filter =>
  (value, given) => {
    bind(given, [])
    return choose(itemsOf(value, given.at), given)
  }

const length: Filter = (value, given) => {
  bind(given, [])
  return itemsOf(value, given.at).length
}

/** What items are compared by: their attribute, and texts without regard to upper and lower case. */
const keyFor = (args: Bound, at: Given['at']): ((item: Value) => Value) => {
  const path = args.value('attribute')
  const exact = args.flag('case_sensitive')
  return item => {
    const found = path === undefined || path === null ? item : attributeOf(item, path, at)
    if (found instanceof Missing) throw new EvaluationFault(found.problem)
    return typeof found === 'string' && !exact ? found.toLowerCase() : found
  }
}

const compared = (a: Value, b: Value, at: Given['at']): number =>
  orderOf(a, b) ?? fail(at, `${kindOfValue(a)} and ${kindOfValue(b)} have no order`)

const sort: Filter = (value, given) => {
  const args = bind(given, ['reverse', 'case_sensitive', 'attribute'])
  const keyOf = keyFor(args, given.at)
  const sign = args.flag('reverse') ? -1 : 1
  const keyed = itemsOf(value, given.at).map(item => ({ item, key: keyOf(item) }))
  return keyed.sort((a, b) => sign * compared(a.key, b.key, given.at)).map(({ item }) => item)
}

const outermost =
  (sign: 1 | -1): Filter =>
  (value, given) => {
    const keyOf = keyFor(bind(given, ['case_sensitive', 'attribute']), given.at)
    const [first, ...rest] = itemsOf(value, given.at)
    if (first === undefined) return fail(given.at, 'there is nothing in it')
    return rest.reduce((best, item) => (sign * compared(keyOf(item), keyOf(best), given.at) > 0 ? item : best), first)
  }

const unique: Filter = (value, given) => {
  const keyOf = keyFor(bind(given, ['case_sensitive', 'attribute']), given.at)
  const seen = new Set<string>()
  return itemsOf(value, given.at).filter(item => {
    const key = identityOf(keyOf(item))
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

const sum: Filter = (value, given) => {
  const args = bind(given, ['attribute', 'start'])
  const path = args.value('attribute') ?? null
  return itemsOf(value, given.at).reduce((total: Value, item) => {
    const found = path === null ? item : attributeOf(item, path, given.at)
    if (found instanceof Missing) throw new EvaluationFault(found.problem)
    if (numberOf(found) === null) return fail(given.at, `sum takes numbers, not ${kindOfValue(found)}`)
    return calculate('+', total, found, given.at)
  }, args.value('start') ?? 0)
}

export const listFilters = {
  count: length,
  dict2items: (value, given) => {
    bind(given, [])
    if (!isMap(value)) return fail(given.at, `dict2items takes a map, not ${kindOfValue(value)}`)
    return [...value].map(([key, item]) => new Map<string, Value>(Object.entries({ key, value: item })))
  },
  first: ofItems((items, { at }) => items[0] ?? nullOrNone(items, at)),
  last: ofItems((items, { at }) => items.at(-1) ?? nullOrNone(items, at)),
  length,
  list: ofItems(items => items),
  max: outermost(1),
  min: outermost(-1),
  reverse: (value, given) => {
    bind(given, [])
    const items = itemsOf(value, given.at)
    return isList(value) ? [...items].reverse() : [...items].reverse().join('')
  },
  sort,
  sum,
  unique,
} as const satisfies Readonly<Record<string, Filter>>

const nullOrNone = (items: readonly Value[], at: Given['at']): Value =>
  items.length > 0 ? null : fail(at, 'there is nothing in it')
