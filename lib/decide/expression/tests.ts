/** The tests behind `is`: Jinja's own (jinja.palletsprojects.com, "List of Builtin Tests") and a few of Ansible's. */
import { type TestName, testNames } from '../../model/expression.js'
import { foundBy } from '../../model/safe-pattern.js'
import { areEqual, Float, isList, isMap, isTruthy, kindOfValue, numberOf, type Value } from '../../model/value.js'
import { bind, type Given } from './arguments.js'
import { EvaluationFault, fail } from './fault.js'
import { compareValues, holds, textFor } from './operators.js'
import { Missing } from './scope.js'

type Test = (value: Value, given: Given) => boolean

export const passesTest = (name: TestName, value: Value | Missing, given: Given): boolean => {
  if (name === 'defined' || name === 'undefined') {
    bind(given, [])
    return value instanceof Missing === (name === 'undefined')
  }
  if (value instanceof Missing) throw new EvaluationFault(value.problem)
  return tests[name](value, given)
}

/** For `select` and its like, which are given the name as text. */
export const passesNamedTest = (word: Value, value: Value | Missing, given: Given): boolean => {
  const name = testNames.find(one => one === word) ?? signs.get(String(word))
  if (name !== undefined) return passesTest(name, value, given)
  if (typeof word !== 'string') return fail(given.at, `here comes the name of a test, and this is ${kindOfValue(word)}`)
  throw new EvaluationFault({ _tag: 'UnknownWord', at: given.at, what: 'test', word, known: testNames })
}

const signs: ReadonlyMap<string, TestName> = new Map([
  ['==', 'eq'],
  ['!=', 'ne'],
  ['<', 'lt'],
  ['<=', 'le'],
  ['>', 'gt'],
  ['>=', 'ge'],
])

const alone =
  (test: (value: Value, at: Given['at']) => boolean): Test =>
  (value, given) => {
    bind(given, [])
    return test(value, given.at)
  }

const withOther =
  (test: (value: Value, other: Value, at: Given['at']) => boolean): Test =>
  (value, given) =>
    test(value, bind(given, ['other'], 1).value('other') ?? null, given.at)

/** Where the pattern has to fit: at the beginning, or anywhere. */
const byPattern =
  (place: 'begins' | 'anywhere'): Test =>
  (value, given) => {
    const args = bind(given, ['pattern', 'ignorecase', 'multiline'], 1)
    const flags = `${args.flag('ignorecase') ? 'i' : ''}${args.flag('multiline') ? 'm' : ''}`
    const pattern = `${flags === '' ? '' : `(?${flags})`}${args.text('pattern', '')}`
    const found = foundBy(pattern, textFor(value, given.at), place)
    return typeof found === 'boolean' ? found : fail(given.at, found.fault)
  }

const isWhole = (value: Value): boolean => typeof value === 'number'

const wholeFor = (value: Value, at: Given['at']): number => {
  const number = numberOf(value)
  return number ?? fail(at, `this takes a number, and finds ${kindOfValue(value)}`)
}

const modulo = (value: Value, divisor: Value, at: Given['at']): number => {
  const by = wholeFor(divisor, at)
  return by === 0 ? fail(at, 'nothing can be divided by 0') : wholeFor(value, at) % by
}

const equal = withOther(areEqual)

const tests: Readonly<Record<Exclude<TestName, 'defined' | 'undefined'>, Test>> = {
  boolean: alone(value => typeof value === 'boolean'),
  contains: withOther((value, other, at) => holds(value, other, at)),
  divisibleby: withOther((value, other, at) => modulo(value, other, at) === 0),
  eq: equal,
  equalto: equal,
  even: alone((value, at) => modulo(value, 2, at) === 0),
  false: alone(value => value === false),
  falsy: alone(value => !isTruthy(value)),
  float: alone(value => value instanceof Float),
  ge: withOther((value, other, at) => compareValues('>=', value, other, at)),
  gt: withOther((value, other, at) => compareValues('>', value, other, at)),
  in: withOther((value, other, at) => holds(other, value, at)),
  integer: alone(isWhole),
  iterable: alone(value => typeof value === 'string' || isList(value) || isMap(value)),
  le: withOther((value, other, at) => compareValues('<=', value, other, at)),
  lower: alone(
    (value, at) => textFor(value, at) === textFor(value, at).toLowerCase() && /\p{Ll}/u.test(textFor(value, at)),
  ),
  lt: withOther((value, other, at) => compareValues('<', value, other, at)),
  mapping: alone(isMap),
  match: byPattern('begins'),
  ne: withOther((value, other) => !areEqual(value, other)),
  none: alone(value => value === null),
  number: alone(value => numberOf(value) !== null),
  odd: alone((value, at) => Math.abs(modulo(value, 2, at)) === 1),
  regex: byPattern('anywhere'),
  search: byPattern('anywhere'),
  sequence: alone(value => typeof value === 'string' || isList(value) || isMap(value)),
  string: alone(value => typeof value === 'string'),
  true: alone(value => value === true),
  truthy: alone(isTruthy),
  upper: alone(
    (value, at) => textFor(value, at) === textFor(value, at).toUpperCase() && /\p{Lu}/u.test(textFor(value, at)),
  ),
}
