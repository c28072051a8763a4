/** Variables as they are written in an inventory, a play or a file of variables. */
import * as E from 'fp-ts/lib/Either.js'
import { VariableName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Variable, Variables } from '../model/template.js'
import { type Codec, codecOf, decode, type Entry, list, mapOf } from './codec.js'
import { anything } from './json-schema.js'
import type { SealedNode, YamlNode } from './node.js'
import { parseTemplate } from './template.js'
import { readEnvelope } from './vault-cipher.js'

export const variable: Codec<Variable> = codecOf<Variable>('a value', anything, node => {
  switch (node._tag) {
    case 'scalar': {
      const secret = node.secret === true ? ({ secret: true } as const) : {}
      // What no number can hold is taken as text, so that no digit is lost.
      if (node.big !== undefined) {
        return E.right({ _tag: 'Text', template: { parts: [String(node.big)], at: node.at }, ...secret })
      }
      if (typeof node.value !== 'string') {
        const float = node.float === true ? ({ float: true } as const) : {}
        return E.right({ _tag: 'Plain', value: node.value, at: node.at, ...float, ...secret })
      }
      const parsed = parseTemplate(node.value, node)
      if (E.isLeft(parsed) && node.secret) return E.left([noTemplate(node.at)])
      return E.map((template: Parsed): Variable => ({ _tag: 'Text', template, ...secret }))(parsed)
    }
    case 'sealed':
      return sealedIn(node)
    case 'list':
      return E.map((items: readonly Variable[]): Variable => ({ _tag: 'List', items, at: node.at }))(
        decode(list(variable), node),
      )
    case 'map':
      return inMap(node)
  }
})
type Parsed = Extract<Variable, { _tag: 'Text' }>['template']

export type VariableEntry = Entry<VariableName, Variable>

export const variables: Codec<readonly VariableEntry[]> = mapOf(VariableName, variable, 'a map of variables')

export const variablesOf = (entries: readonly VariableEntry[]): Variables =>
  new Map(entries.map(({ key, value }) => [key.value, value]))

/** Of a play or a service: they say nothing of how a host is reached, and not who it is. */
export const ownVariables: Codec<Variables> = codecOf(variables.name, variables.schema, node => {
  const names = node._tag === 'map' ? node.entries.flatMap(({ key, keyAt }) => foreignName(key, keyAt)) : []
  const read = decode(variables, node)
  const problems = [...names, ...(E.isLeft(read) ? read.left : [])]
  return E.isLeft(read) || problems.length > 0 ? E.left(problems) : E.right(variablesOf(read.right))
})

const foreignName = (name: string, at: SourcePos): readonly InputProblem[] => {
  if (name.startsWith('ansible_')) {
    return [{ _tag: 'BadTemplate', at, reason: `${name} belongs to the inventory, or behind -e: it is about the host` }]
  }
  return magicNames.has(name) ? [{ _tag: 'BadTemplate', at, reason: `${name} is set by steward itself` }] : []
}

const magicNames: ReadonlySet<string> = new Set([
  'inventory_hostname',
  'inventory_hostname_short',
  'inventory_dir',
  'inventory_file',
  'playbook_dir',
  'steward_dir',
  'group_names',
  'groups',
  'hostvars',
])

/** What is wrong with a secret is not told: it would tell of the secret. */
const noTemplate = (at: SourcePos): InputProblem => ({
  _tag: 'BadTemplate',
  at,
  reason: 'this secret holds {{ or {%, and cannot be read as a template; encrypted by itself (!vault) it is none',
})

/** What no password could open is told at once; the others when they are needed, as each costs a while to open. */
const sealedIn = ({ text, at, open }: SealedNode): E.Either<readonly InputProblem[], Variable> => {
  const envelope = readEnvelope(text)
  if (E.isLeft(envelope)) return E.left([{ _tag: 'BadTemplate', at, reason: `this is no vault: ${envelope.left}` }])
  if (open === undefined) throw new Error('an encrypted value was read without a vault')
  return E.right({ _tag: 'Sealed', open, at })
}

/** Within a value, a key may be any text. */
const inMap = (node: Extract<YamlNode, { _tag: 'map' }>): E.Either<readonly InputProblem[], Variable> => {
  const entries = new Map<string, Variable>()
  const problems: InputProblem[] = []
  for (const { key, value } of node.entries) {
    const read = decode(variable, value)
    if (E.isRight(read)) entries.set(key, read.right)
    else for (const problem of read.left) problems.push(problem)
  }
  return problems.length > 0 ? E.left(problems) : E.right({ _tag: 'Map', entries, at: node.at })
}
