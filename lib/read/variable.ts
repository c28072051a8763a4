/** Variables as they are written in an inventory, a play or a file of variables. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem } from '../model/problem.js'
import type { Variable } from '../model/template.js'
import { type Codec, codecOf, decode, list } from './codec.js'
import type { YamlNode } from './node.js'
import { parseTemplate } from './template.js'

export const variable: Codec<Variable> = codecOf<Variable>('a value', node => {
  switch (node._tag) {
    case 'scalar': {
      if (typeof node.value !== 'string') return E.right({ _tag: 'Plain', value: node.value, at: node.at })
      return E.map((template: Parsed): Variable => ({ _tag: 'Text', template }))(parseTemplate(node.value, node))
    }
    case 'list':
      return E.map((items: readonly Variable[]): Variable => ({ _tag: 'List', items, at: node.at }))(
        decode(list(variable), node),
      )
    case 'map':
      return inMap(node)
  }
})
type Parsed = Extract<Variable, { _tag: 'Text' }>['template']

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
