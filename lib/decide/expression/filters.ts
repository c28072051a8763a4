/** The filters: Jinja's own (jinja.palletsprojects.com, "List of Builtin Filters") and a few of Ansible's. */
import { type FilterName, filterNames } from '../../model/expression.js'
import { isList, isMap, isTruthy, kindOfValue, type Value } from '../../model/value.js'
import { bind, type Filter, type Given } from './arguments.js'
import { EvaluationFault, fail } from './fault.js'
import { listFilters } from './filters-of-lists.js'
import { numberFilters } from './filters-of-numbers.js'
import { textFilters } from './filters-of-text.js'
import { attributeOf, itemIn, itemsOf } from './items.js'
import { Missing } from './scope.js'
import { maxLength, weightOf } from './size.js'
import { passesNamedTest } from './tests.js'

export const applyFilter = (name: FilterName, value: Value | Missing, given: Given): Value => {
  if (name === 'default' || name === 'd') return byDefault(value, given)
  if (value instanceof Missing) throw new EvaluationFault(value.problem)
  return filters[name](value, given)
}

/** `boolean`: also in place of what is empty, 0 or false. */
const byDefault = (value: Value | Missing, given: Given): Value => {
  const args = bind(given, ['default_value', 'boolean'])
  const isThere = !(value instanceof Missing) && (!args.flag('boolean') || isTruthy(value))
  return isThere ? value : (args.value('default_value') ?? '')
}

/** Of each item, its attribute or what a filter makes of it. */
const mapped: Filter = (value, given) => {
  const items = itemsOf(value, given.at)
  if (given.plain.length === 0) {
    const args = bind(given, ['attribute', 'default'], 1)
    const path = args.value('attribute') ?? ''
    return items.map(item => {
      const found = attributeOf(item, path, given.at)
      if (!(found instanceof Missing)) return found
      const otherwise = args.value('default')
      if (otherwise === undefined) throw new EvaluationFault(found.problem)
      return otherwise
    })
  }
  const [name, ...plain] = given.plain
  const filter = filterNamed(name?.() ?? null, given)
  let weight = 0
  return items.map(item => {
    const made = applyFilter(filter, item, { ...given, plain })
    weight += weightOf(made)
    return weight > maxLength ? fail(given.at, `this makes a value of more than ${maxLength} items`) : made
  })
}

const filterNamed = (word: Value, { at }: Given): FilterName => {
  const found = filterNames.find(name => name === word)
  if (found !== undefined) return found
  if (typeof word !== 'string') return fail(at, `here comes the name of a filter, and this is ${kindOfValue(word)}`)
  throw new EvaluationFault({ _tag: 'UnknownWord', at, what: 'filter', word, known: filterNames })
}

/** Those items, or attributes of them, that pass a test; without one, that are not empty, 0 or false. */
const chosen =
  (byAttribute: boolean, wanted: boolean): Filter =>
  (value, given) => {
    const [path, test, args] = byAttribute
      ? [
          given.plain[0]?.() ?? fail(given.at, 'the attribute has to be given in brackets'),
          given.plain[1],
          given.plain.slice(2),
        ]
      : [null, given.plain[0], given.plain.slice(1)]
    return itemsOf(value, given.at).filter(item => {
      const tried = path === null ? item : attributeOf(item, path, given.at)
      if (test !== undefined) return passesNamedTest(test(), tried, { ...given, plain: args }) === wanted
      if (tried instanceof Missing) throw new EvaluationFault(tried.problem)
      return isTruthy(tried) === wanted
    })
  }

/** Of maps, what later ones hold wins; what they hold is not merged in its turn. */
const combined: Filter = (value, given) => {
  const maps = [value, ...given.plain.map(argument => argument())]
  bind({ ...given, plain: [] }, [])
  return new Map(
    maps.flatMap(map => (isMap(map) ? [...map] : fail(given.at, `combine takes maps, not ${kindOfValue(map)}`))),
  )
}

/** What a map or a list holds under the value, and in that under each of `morekeys`. */
const extracted: Filter = (value, given) => {
  const args = bind(given, ['container', 'morekeys'], 1)
  const more = args.value('morekeys') ?? []
  let found: Value = args.value('container') ?? null
  for (const key of [value, ...(isList(more) ? more : [more])]) {
    const item = itemIn(found, key, given.at, 'this')
    if (item instanceof Missing) throw new EvaluationFault(item.problem)
    found = item
  }
  return found
}

const filters: Readonly<Record<Exclude<FilterName, 'default' | 'd'>, Filter>> = {
  ...textFilters,
  ...numberFilters,
  ...listFilters,
  combine: combined,
  extract: extracted,
  map: mapped,
  select: chosen(false, true),
  reject: chosen(false, false),
  selectattr: chosen(true, true),
  rejectattr: chosen(true, false),
  ternary: (value, given) => {
    const args = bind(given, ['true_val', 'false_val', 'none_val'], 2)
    const none = value === null ? args.value('none_val') : undefined
    return none ?? args.value(isTruthy(value) ? 'true_val' : 'false_val') ?? null
  },
}
