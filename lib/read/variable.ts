/** Variables as they are written in an inventory or a file of variables. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem } from '../model/problem.js'
import type { Variable } from '../model/template.js'
import { type Codec, codecOf } from './codec.js'
import { parseTemplate } from './template.js'

export const variable: Codec<Variable> = codecOf<Variable>(
  'a value',
  (node): E.Either<readonly InputProblem[], Variable> => {
    if (node._tag !== 'scalar') return E.right({ _tag: 'Nested', kind: node._tag, at: node.at })
    if (typeof node.value !== 'string') return E.right({ _tag: 'Plain', value: node.value, at: node.at })
    return E.map((template: Parsed): Variable => ({ _tag: 'Text', template }))(parseTemplate(node.value, node.at))
  },
)
type Parsed = Extract<Variable, { _tag: 'Text' }>['template']
