/** What stands in the brackets behind a filter or a test, told apart by name. */
import type { SourcePos } from '../../model/place.js'
import { kindOfValue, type Value } from '../../model/value.js'
import { EvaluationFault, fail } from './fault.js'

/** Each is worked out when it is asked for. */
export type Given = Readonly<{
  at: SourcePos
  plain: readonly (() => Value)[]
  named: ReadonlyMap<string, () => Value>
}>

/** What a filter makes of a value. */
export type Filter = (value: Value, given: Given) => Value

export type Bound = Readonly<{
  /** Undefined where it was not given. */
  value: (name: string) => Value | undefined
  text: (name: string, otherwise: string) => string
  whole: (name: string, otherwise: number) => number
  flag: (name: string, otherwise?: boolean) => boolean
}>

/** Arguments by position get the names in their order. Fails on one too many and on a name that is not there. */
export const bind = (given: Given, names: readonly string[], needed = 0): Bound => {
  const { at, plain, named } = given
  if (plain.length > names.length) {
    const takes = names.length === 0 ? 'nothing' : `at most ${names.join(', ')}`
    fail(at, `too much is given in brackets; it takes ${takes}`)
  }
  for (const name of named.keys()) {
    if (!names.includes(name)) {
      throw new EvaluationFault({ _tag: 'UnknownWord', at, what: 'name of an argument', word: name, known: names })
    }
  }
  const find = (name: string) => named.get(name) ?? plain[names.indexOf(name)]
  const missing = names.slice(0, needed).find(name => find(name) === undefined)
  if (missing !== undefined) fail(at, `${missing} has to be given in brackets`)
  const value = (name: string) => find(name)?.()
  const wrong = (name: string, expected: string, found: Value): never =>
    fail(at, `${name} has to be ${expected}, and is ${kindOfValue(found)}`)
  return {
    value,
    text: (name, otherwise) => {
      const found = value(name) ?? otherwise
      return typeof found === 'string' ? found : wrong(name, 'text', found)
    },
    whole: (name, otherwise) => {
      const found = value(name) ?? otherwise
      return typeof found === 'number' ? found : wrong(name, 'a whole number', found)
    },
    flag: (name, otherwise = false) => {
      const found = value(name) ?? otherwise
      return typeof found === 'boolean' ? found : wrong(name, 'true or false', found)
    },
  }
}
