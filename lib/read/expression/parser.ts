/**
 * Jinja's grammar of expressions (jinja2/parser.py), without calls. Known differences: a word that is no filter, test or
 * literal is refused here and not when it is met.
 */
import {
  type Arguments,
  type BinaryOperator,
  type Comparison,
  comparisons,
  type Expression,
  filterNames,
  testNames,
} from '../../model/expression.js'
import type { SourcePos } from '../../model/place.js'
import { ExpressionFault } from './fault.js'
import { type Token, tokenise } from './tokens.js'

export type Parsed = Readonly<{ expression: Expression; end: number }>

/** The expression that begins at `start`; see `tokenise` on `bare` and `end`. Throws ExpressionFault. */
export const parseTokens = (
  text: string,
  start: number,
  bare: boolean,
  placeOf: (offset: number) => SourcePos,
): Parsed => {
  const { tokens, end } = tokenise(text, start, bare)
  return { expression: new Parser(tokens, placeOf).whole(), end }
}

const maxDepth = 50

class Parser {
  #next = 0
  #depth = 0
  readonly #tokens: readonly Token[]
  readonly #placeOf: (offset: number) => SourcePos

  constructor(tokens: readonly Token[], placeOf: (offset: number) => SourcePos) {
    this.#tokens = tokens
    this.#placeOf = placeOf
  }

  whole(): Expression {
    if (this.#peek()._tag === 'end') this.#refuse('there is nothing between {{ and }}')
    const expression = this.#expression()
    if (this.#isMark('=')) this.#refuse('= sets nothing here; == compares')
    if (this.#peek()._tag !== 'end') this.#refuse(`${this.#shown()} cannot stand here`)
    return expression
  }

  #expression(): Expression {
    this.#depth += 1
    if (this.#depth > maxDepth) this.#refuse(`an expression is nested more than ${maxDepth} deep`)
    let then = this.#or()
    while (this.#takeName('if')) {
      const test = this.#or()
      const otherwise = this.#takeName('else') ? this.#expression() : null
      then = { _tag: 'If', test, then, otherwise, at: then.at }
    }
    this.#depth -= 1
    return then
  }

  #or(): Expression {
    return this.#chain(['or'], () => this.#and())
  }

  #and(): Expression {
    return this.#chain(['and'], () => this.#not())
  }

  #not(): Expression {
    const at = this.#at()
    let negations = 0
    while (this.#takeName('not')) negations += 1
    let of = this.#compare()
    for (; negations > 0; negations -= 1) of = { _tag: 'Unary', operator: 'not', of, at }
    return of
  }

  #compare(): Expression {
    const first = this.#sum()
    const rest: (readonly [Comparison, Expression])[] = []
    for (;;) {
      const operator = this.#comparison()
      if (operator === null) return rest.length === 0 ? first : { _tag: 'Compare', first, rest, at: first.at }
      rest.push([operator, this.#sum()])
    }
  }

  #comparison(): Comparison | null {
    if (this.#isName('not') && this.#isName('in', 1)) {
      this.#next += 2
      return 'not in'
    }
    const token = this.#peek()
    const found = comparisons.find(one => (token._tag === 'mark' || token._tag === 'name') && one === token.text)
    if (found === undefined) return null
    this.#next += 1
    return found
  }

  #sum(): Expression {
    return this.#chain(['+', '-'], () => this.#concatenation())
  }

  #concatenation(): Expression {
    return this.#chain(['~'], () => this.#product())
  }

  #product(): Expression {
    return this.#chain(['*', '/', '//', '%'], () => this.#power())
  }

  #power(): Expression {
    return this.#chain(['**'], () => this.#unary(true))
  }

  #chain(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand()
    for (;;) {
      const token = this.#peek()
      const operator = operators.find(one => (token._tag === 'mark' || token._tag === 'name') && one === token.text)
      if (operator === undefined) return left
      this.#next += 1
      left = { _tag: 'Binary', operator, left, right: operand(), at: left.at }
    }
  }

  #unary(withFilters: boolean): Expression {
    const at = this.#at()
    const operator = this.#isMark('-') ? '-' : this.#isMark('+') ? '+' : null
    let of: Expression
    if (operator === null) of = this.#primary()
    else {
      this.#next += 1
      this.#depth += 1
      if (this.#depth > maxDepth) this.#refuse(`an expression is nested more than ${maxDepth} deep`)
      of = { _tag: 'Unary', operator, of: this.#unary(false), at }
      this.#depth -= 1
    }
    const whole = this.#items(of)
    return withFilters ? this.#filters(whole) : whole
  }

  #items(of: Expression): Expression {
    let whole = of
    for (;;) {
      if (this.#takeMark('.')) {
        const at = this.#at()
        const token = this.#peek()
        const isKey = token._tag === 'name' || (token._tag === 'constant' && typeof token.value === 'number')
        if (!isKey) this.#refuse('after a dot comes a name or a number')
        this.#next += 1
        const value = token._tag === 'name' ? token.text : (token as { value: number }).value
        whole = { _tag: 'Item', of: whole, key: { _tag: 'Constant', value, at }, at: whole.at }
      } else if (this.#takeMark('[')) {
        whole = this.#subscript(whole)
      } else if (this.#isMark('(')) {
        this.#refuse('nothing can be called here; a value is changed by filters, as in name | upper')
      } else return whole
    }
  }

  #subscript(of: Expression): Expression {
    const bounds: (Expression | null)[] = []
    let isSlice = false
    while (bounds.length < 3) {
      const isMissing = this.#isMark(':') || this.#isMark(']')
      bounds.push(isMissing ? null : this.#expression())
      if (!this.#takeMark(':')) break
      isSlice = true
    }
    const [key = null] = bounds
    if (!isSlice && key === null) this.#refuse('nothing stands between [ and ]')
    this.#takeOver(']')
    if (isSlice || key === null) return { _tag: 'Slice', of, bounds, at: of.at }
    return { _tag: 'Item', of, key, at: of.at }
  }

  #filters(of: Expression): Expression {
    let whole = of
    for (;;) {
      if (this.#takeMark('|')) whole = this.#filter(whole)
      else if (this.#takeName('is')) whole = this.#test(whole)
      else return whole
    }
  }

  #filter(of: Expression): Expression {
    const name = this.#word('filter', filterNames)
    const args = this.#takeMark('(') ? this.#arguments() : none
    return { _tag: 'Filter', of, name, args, at: of.at }
  }

  #test(of: Expression): Expression {
    const negated = this.#takeName('not')
    const sign = this.#peek()
    const comparison = sign._tag === 'mark' ? signTests.get(sign.text) : undefined
    if (comparison !== undefined) this.#refuse(`write ${sign._tag === 'mark' ? sign.text : ''} without is`)
    const name = this.#word('test', testNames)
    if (this.#takeMark('(')) return { _tag: 'Test', of, name, args: this.#arguments(), negated, at: of.at }
    const args = this.#beginsArgument() ? { plain: [this.#items(this.#primary())], named: new Map() } : none
    return { _tag: 'Test', of, name, args, negated, at: of.at }
  }

  /** `x is divisibleby 3`: one argument may stand without brackets. */
  #beginsArgument(): boolean {
    const token = this.#peek()
    if (token._tag === 'mark') return token.text === '[' || token.text === '{'
    return (
      token._tag === 'constant' ||
      (token._tag === 'name' && !['else', 'or', 'and', 'is', 'if', 'in', 'not'].includes(token.text))
    )
  }

  #word<Name extends string>(what: string, names: readonly Name[]): Name {
    const token = this.#peek()
    if (token._tag !== 'name') return this.#refuse(`here the name of a ${what} is missing`)
    const found = names.find(name => name === token.text)
    if (found === undefined) throw new ExpressionFault(token.offset, '', { what, word: token.text, names })
    this.#next += 1
    return found
  }

  #arguments(): Arguments {
    const plain: Expression[] = []
    const named = new Map<string, Expression>()
    while (!this.#takeMark(')')) {
      if (plain.length + named.size > 0) {
        this.#takeOver(',')
        if (this.#takeMark(')')) break
      }
      const token = this.#peek()
      if (token._tag === 'name' && this.#isMark('=', 1)) {
        this.#next += 2
        if (named.has(token.text)) throw new ExpressionFault(token.offset, `${token.text} is given twice`)
        named.set(token.text, this.#expression())
      } else {
        if (named.size > 0) this.#refuse('what has no name cannot stand behind what has one')
        plain.push(this.#expression())
      }
    }
    return { plain, named }
  }

  #primary(): Expression {
    const at = this.#at()
    const token = this.#peek()
    switch (token._tag) {
      case 'constant': {
        this.#next += 1
        let { value } = token
        for (let more = this.#peek(); typeof value === 'string' && more._tag === 'constant'; more = this.#peek()) {
          if (typeof more.value !== 'string') break
          value += more.value
          this.#next += 1
        }
        return { _tag: 'Constant', value, at }
      }
      case 'name': {
        const literal = literals.get(token.text)
        if (keywords.has(token.text)) this.#refuse(`${this.#shown()} cannot stand here`)
        this.#next += 1
        return literal === undefined ? { _tag: 'Name', name: token.text, at } : { _tag: 'Constant', value: literal, at }
      }
      case 'mark':
        if (this.#takeMark('(')) return this.#brackets(at)
        if (this.#takeMark('[')) return { _tag: 'List', items: this.#listed(']', () => this.#expression()), at }
        if (this.#takeMark('{')) return { _tag: 'Dict', entries: this.#listed('}', () => this.#entry()), at }
        return this.#refuse(`${this.#shown()} cannot stand here`)
      case 'end':
        return this.#refuse('the expression is not complete')
    }
  }

  /** What stands in brackets alone is itself; with a comma it is a list. */
  #brackets(at: SourcePos): Expression {
    if (this.#takeMark(')')) return { _tag: 'List', items: [], at }
    const first = this.#expression()
    if (this.#takeMark(')')) return first
    this.#takeOver(',')
    return { _tag: 'List', items: [first, ...this.#listed(')', () => this.#expression())], at }
  }

  #entry(): readonly [Expression, Expression] {
    const key = this.#expression()
    this.#takeOver(':')
    return [key, this.#expression()]
  }

  #listed<A>(end: string, item: () => A): readonly A[] {
    const items: A[] = []
    while (!this.#takeMark(end)) {
      if (items.length > 0) {
        this.#takeOver(',')
        if (this.#takeMark(end)) break
      }
      items.push(item())
    }
    return items
  }

  #peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]
    if (token === undefined) throw new Error('an expression has no end')
    return token
  }

  #at(): SourcePos {
    return this.#placeOf(this.#peek().offset)
  }

  #isMark(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead)
    return token._tag === 'mark' && token.text === text
  }

  #isName(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead)
    return token._tag === 'name' && token.text === text
  }

  #takeMark(text: string): boolean {
    const isThere = this.#isMark(text)
    if (isThere) this.#next += 1
    return isThere
  }

  #takeName(text: string): boolean {
    const isThere = this.#isName(text)
    if (isThere) this.#next += 1
    return isThere
  }

  #takeOver(text: string): void {
    if (this.#takeMark(text)) return
    this.#refuse(
      this.#peek()._tag === 'end' ? `a ${text} is missing at the end` : `before ${this.#shown()} a ${text} is missing`,
    )
  }

  #shown(): string {
    const token = this.#peek()
    if (token._tag === 'constant') return typeof token.value === 'string' ? 'a text' : 'a number'
    return token._tag === 'end' ? 'the end' : `"${token.text}"`
  }

  #refuse(reason: string): never {
    throw new ExpressionFault(this.#peek().offset, reason)
  }
}

const none: Arguments = { plain: [], named: new Map() }

const literals: ReadonlyMap<string, boolean | null> = new Map([
  ...(['true', 'True'] as const).map(word => [word, true] as const),
  ...(['false', 'False'] as const).map(word => [word, false] as const),
  ...(['none', 'None'] as const).map(word => [word, null] as const),
])

const keywords: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else'])

const signTests: ReadonlyMap<string, string> = new Map(['==', '!=', '<', '<=', '>', '>='].map(sign => [sign, sign]))
