/** What may stand between `{{` and `}}`: Jinja's expressions, without calls (jinja.palletsprojects.com, "Templates"). */
import type { SourcePos } from './place.js'
import type { Float } from './value.js'

export type Expression = Readonly<{ at: SourcePos }> &
  (
    | Readonly<{ _tag: 'Constant'; value: string | number | boolean | Float | null }>
    | Readonly<{ _tag: 'Name'; name: string }>
    | Readonly<{ _tag: 'List'; items: readonly Expression[] }>
    | Readonly<{ _tag: 'Dict'; entries: readonly (readonly [key: Expression, value: Expression])[] }>
    /** `of.key` and `of[key]` mean the same, as in Ansible. */
    | Readonly<{ _tag: 'Item'; of: Expression; key: Expression }>
    | Readonly<{ _tag: 'Slice'; of: Expression; bounds: readonly (Expression | null)[] }>
    | Readonly<{ _tag: 'Filter'; of: Expression; name: FilterName; args: Arguments }>
    | Readonly<{ _tag: 'Test'; of: Expression; name: TestName; args: Arguments; negated: boolean }>
    | Readonly<{ _tag: 'Unary'; operator: '-' | '+' | 'not'; of: Expression }>
    | Readonly<{ _tag: 'Binary'; operator: BinaryOperator; left: Expression; right: Expression }>
    /** `a < b <= c` holds where each neighbouring pair does. */
    | Readonly<{ _tag: 'Compare'; first: Expression; rest: readonly (readonly [Comparison, Expression])[] }>
    | Readonly<{ _tag: 'If'; test: Expression; then: Expression; otherwise: Expression | null }>
  )

export type Arguments = Readonly<{ plain: readonly Expression[]; named: ReadonlyMap<string, Expression> }>

export type BinaryOperator = '+' | '-' | '~' | '*' | '/' | '//' | '%' | '**' | 'and' | 'or'

export const comparisons = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'] as const
export type Comparison = (typeof comparisons)[number]

export const filterNames = [
  'abs',
  'basename',
  'bool',
  'capitalize',
  'combine',
  'count',
  'd',
  'default',
  'dict2items',
  'dirname',
  'extract',
  'first',
  'float',
  'int',
  'join',
  'last',
  'length',
  'list',
  'lower',
  'map',
  'max',
  'min',
  'quote',
  'regex_replace',
  'reject',
  'rejectattr',
  'replace',
  'reverse',
  'round',
  'select',
  'selectattr',
  'sort',
  'split',
  'string',
  'sum',
  'ternary',
  'to_json',
  'trim',
  'unique',
  'upper',
] as const
export type FilterName = (typeof filterNames)[number]

export const testNames = [
  'boolean',
  'contains',
  'defined',
  'divisibleby',
  'eq',
  'equalto',
  'even',
  'false',
  'falsy',
  'float',
  'ge',
  'gt',
  'in',
  'integer',
  'iterable',
  'le',
  'lower',
  'lt',
  'mapping',
  'match',
  'ne',
  'none',
  'number',
  'odd',
  'regex',
  'search',
  'sequence',
  'string',
  'true',
  'truthy',
  'undefined',
  'upper',
] as const
export type TestName = (typeof testNames)[number]

/** Every variable that is named in it. */
export const namesIn = (expression: Expression): readonly string[] => {
  switch (expression._tag) {
    case 'Constant':
      return []
    case 'Name':
      return [expression.name]
    case 'List':
      return expression.items.flatMap(namesIn)
    case 'Dict':
      return expression.entries.flat().flatMap(namesIn)
    case 'Item':
      return [expression.of, expression.key].flatMap(namesIn)
    case 'Slice':
      return [expression.of, ...expression.bounds].flatMap(part => (part === null ? [] : namesIn(part)))
    case 'Filter':
    case 'Test':
      return [expression.of, ...expression.args.plain, ...expression.args.named.values()].flatMap(namesIn)
    case 'Unary':
      return namesIn(expression.of)
    case 'Binary':
      return [expression.left, expression.right].flatMap(namesIn)
    case 'Compare':
      return [expression.first, ...expression.rest.map(([, part]) => part)].flatMap(namesIn)
    case 'If':
      return [
        expression.test,
        expression.then,
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ].flatMap(namesIn)
  }
}
