/** The variables of one host as expressions see them, each worked out once. */
import type { HostName } from '../../model/names.js'
import type { SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import type { Redaction } from '../../model/redact.js'
import type { Variable, Variables } from '../../model/template.js'
import type { Value } from '../../model/value.js'
import { EvaluationFault, fail } from './fault.js'

/** All hosts that expressions may ask about. */
export type Peers = ReadonlyMap<string, Readonly<{ name: HostName; variables: Variables }>>

export type Scope = Readonly<{
  host: HostName
  variables: Variables
  hosts: Peers
  /** Those that were asked about. */
  peers: Map<string, Scope>
  /** What has been worked out by now. */
  known: Map<string, Value>
  /** The way down to the variable that is being worked out. */
  above: string[]
  /** How deep the evaluation is, and how much it has done. */
  spent: { depth: number; steps: number }
  /** The variables known by now that are secret, or made of what is; `touched`: has the evaluation met one? */
  secrets: { readonly names: Set<string>; readonly texts: Set<string>; touched: boolean }
  /** What has to be hidden of what was made with these variables. */
  redactions: Redaction[]
  /** Is it a password that is worked out? Nothing else may be made of one. */
  forPasswords: boolean
}>

/** A value that is not there, and what is to be said where it is needed all the same. */
export class Missing {
  readonly problem: InputProblem

  constructor(problem: InputProblem) {
    this.problem = problem
  }
}

export const scopeOf = (
  { name, variables }: Readonly<{ name: HostName; variables: Variables }>,
  hosts: Peers = new Map(),
): Scope => ({
  host: name,
  variables,
  hosts,
  peers: new Map(),
  known: new Map(),
  above: [],
  spent: { depth: 0, steps: 0 },
  secrets: { names: new Set(), texts: new Set(), touched: false },
  redactions: [],
  forPasswords: false,
})

/** For a password of the host. Of what it is made of, nothing is known afterwards where other things are worked out. */
export const forPasswords = ({ host, variables, hosts, redactions }: Scope): Scope => ({
  ...scopeOf({ name: host, variables }, hosts),
  redactions,
  forPasswords: true,
})

const maxAbove = 100

/** `evaluate` makes a value of what is written; text in it may hold expressions of its own. */
export const lookUp = (
  scope: Scope,
  name: string,
  at: SourcePos,
  evaluate: (variable: Variable) => Value,
): Value | Missing => {
  const { secrets } = scope
  if (isPassword(name) && !scope.forPasswords) fail(at, shown(name))
  const known = scope.known.get(name)
  if (secrets.names.has(name)) secrets.touched = true
  if (known !== undefined) return known
  const variable = scope.variables.get(name)
  if (variable === undefined) return new Missing(undefinedVariable(scope, name, at))
  const turn = scope.above.indexOf(name)
  if (turn >= 0) throw new EvaluationFault(circle(scope, scope.above.slice(turn)))
  if (scope.above.length > maxAbove) fail(at, `the variable "${name}" is made of others, more than ${maxAbove} deep`)
  const before = secrets.touched
  secrets.touched = false
  scope.above.push(name)
  const value = evaluate(variable)
  scope.above.pop()
  scope.known.set(name, value)
  if (secrets.touched) secrets.names.add(name)
  secrets.touched ||= before
  return value
}

/** `ansible_become_password`, `ansible_ssh_pass` and their like: each may be made of another, and nothing else of them. */
const isPassword = (name: string): boolean => /^ansible_(\w+_)?pass(word|phrase)?$/.test(name)

const shown = (name: string): string =>
  `the variable "${name}" is a secret, and what stands here is shown in process lists and journals`

/** Where a variable's value is written. */
export const placeOf = (variable: Variable): SourcePos =>
  variable._tag === 'Text' ? variable.template.at : variable.at

const undefinedVariable = ({ host, variables }: Scope, variable: string, at: SourcePos): InputProblem => {
  const known = [...variables.keys()].filter(name => !name.startsWith('ansible_'))
  return { _tag: 'UndefinedVariable', at, variable, host, known }
}

/** From the first of its names in the alphabet, so that it is one mistake wherever it is entered. */
const circle = ({ variables }: Scope, names: readonly string[]): InputProblem => {
  const first = [...names].sort()[0] ?? ''
  const turn = names.indexOf(first)
  const variable = variables.get(first)
  if (variable === undefined) throw new Error('a variable in a circle is not defined')
  const cycle = [...names.slice(turn), ...names.slice(0, turn), first]
  return { _tag: 'DependencyCycle', at: placeOf(variable), of: 'variables', cycle }
}
