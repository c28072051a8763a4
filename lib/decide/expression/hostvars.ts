/** `hostvars`: what a template sees of other hosts. Each is a map of its variables, worked out when they are asked for. */
import type { SourcePos } from '../../model/place.js'
import type { Variable } from '../../model/template.js'
import type { Value } from '../../model/value.js'
import { KeyedView } from './items.js'
import { lookUp, Missing, type Scope, scopeOfOther, spend, undefinedVariable } from './scope.js'

type Evaluate = (variable: Variable, scope: Scope) => Value

/**
 * By name; this machine too, where the inventory does not have it. A host's variables are as the inventory and the command
 * line have them, and what is made of others is made of its own, as in Ansible (vars/hostvars.py). `at` is where it is
 * asked for.
 */
export const hostvarsFor = (scope: Scope, at: SourcePos, evaluate: Evaluate): Value => {
  const { names, listed } = scope.around.hosts
  return new KeyedView(
    names,
    name => {
      spend(scope, at)
      const other = scopeOfOther(scope, name)
      if (other === null) throw new Error(`${name} is in the inventory and cannot be found`)
      return variablesOf(other, at, evaluate)
    },
    (word, at) => ({ _tag: 'UnknownWord', at, what: 'host in hostvars', word, known: listed }),
  )
}

const variablesOf = (scope: Scope, at: SourcePos, evaluate: Evaluate): Value =>
  new KeyedView(
    scope.variables,
    name => {
      spend(scope, at)
      const value = lookUp(scope, name, at, variable => evaluate(variable, scope))
      if (value instanceof Missing) throw new Error(`${name} is a variable of ${scope.host} and has no value`)
      return value
    },
    (name, at) => undefinedVariable(scope, name, at),
  )
