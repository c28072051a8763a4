/** The variables of one host as expressions see them, each worked out once. */
import type { Keys } from '../../model/lazy-map.js'
import type { HostName } from '../../model/names.js'
import type { SourcePos } from '../../model/place.js'
import type { InputProblem } from '../../model/problem.js'
import type { Redaction } from '../../model/redact.js'
import type { Variable, Variables } from '../../model/template.js'
import type { Value } from '../../model/value.js'
import { EvaluationFault, fail } from './fault.js'

export type Scope = Readonly<{
  host: HostName
  variables: Variables
  /** What has been worked out by now. */
  known: Map<string, Value>
  /** The variables known by now that are secret, or made of what is. */
  secrets: Readonly<{ names: Set<string>; texts: Set<string> }>
  around: Surroundings
  /** Is it a password that is worked out? Nothing else may be made of one. */
  forPasswords: boolean
}>

/** What scopes have in common where a variable of one host may be made of another's. */
export type Surroundings = Readonly<{
  hosts: HostBook
  /** By name, the scopes of hosts as others see them: without what plays and services set. */
  scopes: Map<string, Scope>
  work: Work
  /** What has to be hidden of what was made with these variables. */
  redactions: Redaction[]
}>

type HostOfScope = Readonly<{ name: HostName; variables: Variables }>
/** `listed`: those that are walked over; a name that is not among them may still be found. */
export type HostBook = Readonly<{
  names: Keys<string>
  listed: readonly string[]
  find: (name: string) => HostOfScope | undefined
}>

/** One evaluation. */
type Work = {
  /** The way down to the variable that is being worked out. */
  readonly above: Readonly<{ scope: Scope; name: string }>[]
  depth: number
  steps: number
  /** Has it met a secret? */
  touched: boolean
}

/** A value that is not there, and what is to be said where it is needed all the same. */
export class Missing {
  readonly problem: InputProblem

  constructor(problem: InputProblem) {
    this.problem = problem
  }
}

export const surroundingsOf = (hosts: HostBook, redactions: Redaction[] = []): Surroundings => ({
  hosts,
  scopes: new Map(),
  work: { above: [], depth: 0, steps: 0, touched: false },
  redactions,
})

const nobody: HostBook = { names: new Set(), listed: [], find: () => undefined }

export const scopeOf = ({ name, variables }: HostOfScope, around: Surroundings = surroundingsOf(nobody)): Scope => ({
  host: name,
  variables,
  known: new Map(),
  secrets: { names: new Set(), texts: new Set() },
  around,
  forPasswords: false,
})

/** For a password of the host. Of what it is made of, nothing is known afterwards where other things are worked out. */
export const forPasswords = ({ host, variables, around }: Scope): Scope => ({
  ...scopeOf({ name: host, variables }, { ...around, scopes: new Map() }),
  forPasswords: true,
})

/** Another host as it is seen from here; null where there is none by that name. */
export const scopeOfOther = ({ around, forPasswords }: Scope, name: string): Scope | null => {
  const known = around.scopes.get(name)
  if (known !== undefined) return known
  const host = around.hosts.find(name)
  if (host === undefined) return null
  const scope = { ...scopeOf(host, around), forPasswords }
  around.scopes.set(name, scope)
  return scope
}

const maxSteps = 100_000

/** Counts what an evaluation does. */
export const spend = ({ around: { work } }: Scope, at: SourcePos): void => {
  work.steps += 1
  if (work.steps > maxSteps) fail(at, `this takes more than ${maxSteps} steps to work out`)
}

const maxAbove = 100

/** `evaluate` makes a value of what is written; text in it may hold expressions of its own. */
export const lookUp = (
  scope: Scope,
  name: string,
  at: SourcePos,
  evaluate: (variable: Variable) => Value,
): Value | Missing => {
  const {
    secrets,
    around: { work },
  } = scope
  if (isPassword(name) && !scope.forPasswords) fail(at, shown(name))
  const known = scope.known.get(name)
  if (secrets.names.has(name)) work.touched = true
  if (known !== undefined) return known
  const variable = scope.variables.get(name)
  if (variable === undefined) return new Missing(undefinedVariable(scope, name, at))
  const turn = work.above.findIndex(one => one.scope === scope && one.name === name)
  if (turn >= 0) throw new EvaluationFault(circle(work.above.slice(turn)))
  if (work.above.length > maxAbove) fail(at, `the variable "${name}" is made of others, more than ${maxAbove} deep`)
  const before = work.touched
  work.touched = false
  work.above.push({ scope, name })
  const value = evaluate(variable)
  work.above.pop()
  scope.known.set(name, value)
  if (work.touched) secrets.names.add(name)
  work.touched ||= before
  return value
}

/** `ansible_become_password`, `ansible_ssh_pass` and their like: each may be made of another, and nothing else of them. */
const isPassword = (name: string): boolean => /^ansible_(\w+_)?pass(word|phrase)?$/.test(name)

const shown = (name: string): string =>
  `the variable "${name}" is a secret, and what stands here is shown in process lists and journals`

/** Where a variable's value is written. */
export const placeOf = (variable: Variable): SourcePos =>
  variable._tag === 'Text' ? variable.template.at : variable.at

export const undefinedVariable = ({ host, variables }: Scope, variable: string, at: SourcePos): InputProblem => {
  const known = [...variables.keys()].filter(name => !name.startsWith('ansible_'))
  return { _tag: 'UndefinedVariable', at, variable, host, known }
}

/** From the first of its names in the alphabet, so that it is one mistake wherever it is entered. */
const circle = (way: Work['above']): InputProblem => {
  const hosts = new Set(way.map(({ scope }) => scope.host))
  const names = way.map(({ scope, name }) => (hosts.size > 1 ? `${name} of ${scope.host}` : name))
  const first = [...names].sort()[0] ?? ''
  const turn = names.indexOf(first)
  const variable = way[turn]?.scope.variables.get(way[turn].name)
  if (variable === undefined) throw new Error('a variable in a circle is not defined')
  const cycle = [...names.slice(turn), ...names.slice(0, turn), first]
  return { _tag: 'DependencyCycle', at: placeOf(variable), of: 'variables', cycle }
}
