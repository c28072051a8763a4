/** A host's variables and what templates become with them. */
import * as E from 'fp-ts/lib/Either.js'
import type { Host } from '../model/inventory.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Template, TemplatePart, Variable } from '../model/template.js'

type Resolved = E.Either<InputProblem, string>

/** The way down to a variable, and what is known by then: a variable used often is filled in once. */
type Way = Readonly<{ above: readonly string[]; known: Map<string, string> }>

const start = (): Way => ({ above: [], known: new Map() })

/** What a shell takes as one word at most (Linux, MAX_ARG_STRLEN), so that a few lines cannot unfold into gigabytes. */
const maxLength = 128 * 1024
const tooLong = 'makes this longer than 128 KiB'
const maxDepth = 100

/** A variable's value as text; a variable may be made of others, but not of itself. */
export const resolveVariable = (host: Host, name: string, user: Template, way = start()): Resolved => {
  const known = way.known.get(name)
  if (known !== undefined) return E.right(known)
  const variable = host.variables.get(name)
  if (variable === undefined) {
    const known = [...host.variables.keys()].filter(known => !known.startsWith('ansible_'))
    return E.left({ _tag: 'UndefinedVariable', at: user.at, variable: name, host: host.name, known })
  }
  if (way.above.includes(name)) return E.left(circle(host, way.above.slice(way.above.indexOf(name))))
  if (way.above.length > maxDepth) return E.left(tooMuch(user, name, `is made of others, more than ${maxDepth} deep`))
  const value = textOf(host, name, variable, user, { ...way, above: [...way.above, name] })
  if (E.isRight(value)) way.known.set(name, value.right)
  return value
}

/** Fills every variable in. */
export const renderText = (template: Template, host: Host, way = start()): Resolved => {
  let text = ''
  for (const part of template.parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    if (isSecret(part.variable) && !way.above.some(isSecret)) return E.left(secretIn(template, part.variable))
    const value = resolveVariable(host, part.variable, template, way)
    if (E.isLeft(value)) return value
    text += value.right
    if (text.length > maxLength) return E.left(tooMuch(template, part.variable, tooLong))
  }
  return E.right(text)
}

/** Where a variable's value is written. */
export const placeOf = (variable: Variable): SourcePos =>
  variable._tag === 'Text' ? variable.template.at : variable.at

const textOf = (host: Host, name: string, variable: Variable, user: Template, way: Way): Resolved => {
  const wrong = (found: string): Resolved =>
    E.left({ _tag: 'BadValue', at: user.at, expected: `text or a number in ${name}`, found, host: host.name })
  switch (variable._tag) {
    case 'Nested':
      return wrong(`a ${variable.kind}`)
    case 'Plain':
      // Where a value was forgotten, `{{ dir }}/bin/x` must not become /bin/x; who wants no text writes "".
      return variable.value === null ? wrong('nothing') : E.right(String(variable.value))
    case 'Text':
      return renderText(variable.template, host, way)
  }
}

/** From the first of its names in the alphabet, so that it is one mistake wherever it is entered. */
const circle = (host: Host, names: readonly string[]): InputProblem => {
  const first = [...names].sort()[0] ?? ''
  const turn = names.indexOf(first)
  const variable = host.variables.get(first)
  if (variable === undefined) throw new Error('a variable in a circle is not defined')
  const cycle = [...names.slice(turn), ...names.slice(0, turn), first]
  return { _tag: 'DependencyCycle', at: placeOf(variable), of: 'variables', cycle }
}

/** `ansible_become_password`, `ansible_ssh_pass` and their like: each may be made of another, and nothing else of them. */
const isSecret = (name: string): boolean => /^ansible_(\w+_)?pass(word|phrase)?$/.test(name)

const secretIn = ({ at }: Template, name: string): InputProblem => ({
  _tag: 'BadTemplate',
  at,
  reason: `the variable "${name}" is a secret, and what stands here is shown in process lists and journals`,
})

const tooMuch = ({ at }: Template, name: string, why: string): InputProblem => ({
  _tag: 'BadTemplate',
  at,
  reason: `the variable "${name}" ${why}`,
})

/**
 * Fills in what the host knows and leaves `later` for the lines of an `each`. `encode` makes a value fit its
 * surroundings, as in a shell command.
 */
export const renderPartly = (
  template: Template,
  host: Host,
  later: readonly string[],
  encode: (value: string) => string,
): E.Either<InputProblem, Template> => {
  const parts: TemplatePart[] = []
  let length = 0
  for (const part of template.parts) {
    if (typeof part === 'string' || later.includes(part.variable)) {
      parts.push(part)
      continue
    }
    if (isSecret(part.variable)) return E.left(secretIn(template, part.variable))
    const value = resolveVariable(host, part.variable, template)
    if (E.isLeft(value)) return value
    length += value.right.length
    if (length > maxLength) return E.left(tooMuch(template, part.variable, tooLong))
    parts.push(encode(value.right))
  }
  return E.right({ parts, at: template.at })
}

/** Fills in the rest. Every variable left is one of `values`: `renderPartly` has seen to it. */
export const renderRest = (
  template: Template,
  values: ReadonlyMap<string, string>,
  encode: (value: string) => string,
): string =>
  template.parts.map(part => (typeof part === 'string' ? part : encode(values.get(part.variable) ?? ''))).join('')
