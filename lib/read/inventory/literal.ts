/** Values of an INI inventory: Python literals (`ast.literal_eval`), which is what Ansible tries before it takes the text. */
import type { SourcePos } from '../../model/place.js'
import { keyOf, type MapEntry, type ScalarNode, type YamlNode } from '../node.js'

/** What the text stands for: a number, True, None, a quoted text, a list, tuple or dict; else it is that text itself. */
export const iniValue = (text: string, at: SourcePos): YamlNode => {
  const plain: YamlNode = { _tag: 'scalar', value: text, text, at }
  // Whatever begins otherwise is a name to Python, and no literal.
  if (!/^[ \t]*[-+.0-9'"([{TFNrRuU]/.test(text) || text.includes('\0')) return plain
  try {
    return new Literal(text, at).whole()
  } catch (error) {
    if (error === noLiteral) return plain
    throw error
  }
}

/** One for all: most values are none, and each new error would look up where it comes from. */
const noLiteral = new Error('this is no literal')

const refuse = (): never => {
  throw noLiteral
}

/** Deeper than anybody writes; Python's own parser gives up at 200. */
const maxDepth = 90

/** Python's expression grammar, as far as `literal_eval` takes it (docs.python.org, library/ast). */
class Literal {
  readonly #text: string
  readonly #at: SourcePos
  #next: number

  constructor(text: string, at: SourcePos) {
    this.#text = text
    this.#at = at
    this.#next = /^[ \t]*/.exec(text)?.[0].length ?? 0
  }

  whole(): YamlNode {
    const value = this.#tuple(0, () => this.#isAtEnd())
    return this.#isAtEnd() ? value : refuse()
  }

  /** `a`, or with a comma the tuple `a, b`. */
  #tuple(depth: number, isClosed: () => boolean): YamlNode {
    const first = this.#value(depth)
    if (!this.#take(',')) return first
    const items = [first]
    while (!isClosed()) {
      items.push(this.#value(depth))
      if (!this.#take(',')) break
    }
    return { _tag: 'list', items, at: this.#at }
  }

  #value(depth: number): YamlNode {
    if (depth > maxDepth) refuse()
    this.#skip()
    const letter = this.#text[this.#next]
    if (letter === '[') return this.#list(depth)
    if (letter === '(') return this.#brackets(depth)
    if (letter === '{') return this.#dict(depth)
    return this.#strings() ?? this.#word() ?? this.#number()
  }

  #list(depth: number): YamlNode {
    this.#next += 1
    const items: YamlNode[] = []
    while (!this.#take(']')) {
      items.push(this.#value(depth + 1))
      if (!this.#take(',')) {
        this.#expect(']')
        break
      }
    }
    return { _tag: 'list', items, at: this.#at }
  }

  #brackets(depth: number): YamlNode {
    this.#next += 1
    if (this.#take(')')) return { _tag: 'list', items: [], at: this.#at }
    const value = this.#tuple(depth + 1, () => this.#isAt(')'))
    this.#expect(')')
    return value
  }

  /** Of two equal keys the last one counts. */
  #dict(depth: number): YamlNode {
    this.#next += 1
    const entries = new Map<string, MapEntry>()
    while (!this.#take('}')) {
      const key = this.#value(depth + 1)
      if (key._tag !== 'scalar') return refuse()
      this.#expect(':')
      const value = this.#value(depth + 1)
      const name = keyOf(key)
      entries.set(name, { key: name, keyAt: this.#at, value })
      if (!this.#take(',')) {
        this.#expect('}')
        break
      }
    }
    return { _tag: 'map', entries: [...entries.values()], at: this.#at }
  }

  /** Texts side by side are one. */
  #strings(): YamlNode | null {
    let text: string | null = null
    for (;;) {
      this.#skip()
      const open = /(?:[rR]|[uU])?('''|"""|'|")/y
      open.lastIndex = this.#next
      const match = open.exec(this.#text)
      if (match === null) break
      this.#next = open.lastIndex
      text = (text ?? '') + this.#string(match[1] ?? '', /^[rR]/.test(match[0]))
    }
    return text === null ? null : { _tag: 'scalar', value: text, text, at: this.#at }
  }

  #string(quote: string, isRaw: boolean): string {
    let text = ''
    for (;;) {
      if (this.#text.startsWith(quote, this.#next)) {
        this.#next += quote.length
        return text
      }
      const letter = this.#text[this.#next] ?? refuse()
      this.#next += 1
      if (letter !== '\\') text += letter
      else if (isRaw) {
        text += `\\${this.#text[this.#next] ?? refuse()}`
        this.#next += 1
      } else text += this.#escape()
    }
  }

  #escape(): string {
    const code = /(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3}))/y
    code.lastIndex = this.#next
    const match = code.exec(this.#text)
    if (match !== null) {
      this.#next = code.lastIndex
      const hex = match[1] ?? match[2] ?? match[3]
      const point = hex === undefined ? Number.parseInt(match[4] ?? '', 8) : Number.parseInt(hex, 16)
      return point > 0x10ffff ? refuse() : String.fromCodePoint(point)
    }
    const letter = this.#text[this.#next] ?? refuse()
    // Also an x or u without its digits, and names of characters, which are not known here.
    if ('xuUN'.includes(letter)) refuse()
    this.#next += 1
    return escapes[letter] ?? `\\${letter}`
  }

  #word(): YamlNode | null {
    const match = this.#match(/(?:True|False|None)(?![\p{L}\p{N}_])/uy)
    if (match === null) return null
    const value = match === 'None' ? null : match === 'True'
    return { _tag: 'scalar', value, text: match, at: this.#at }
  }

  #number(): YamlNode {
    const sign = this.#match(/[-+]/y)
    this.#skip()
    const text = this.#match(/(?:[0-9.]|[0-9_.]|[eE][-+]?|[xXoObBa-fA-F])+/y) ?? refuse()
    const digits = text.replace(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, '')
    const minus = sign === '-' ? '-' : ''
    if (/^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0+|[1-9][0-9]*)$/.test(digits)) {
      if (digits.length > 4300) refuse()
      const big = minus === '' ? BigInt(digits) : -BigInt(digits)
      const value = Number(big)
      const node: ScalarNode = { _tag: 'scalar', value, text, at: this.#at }
      return Number.isSafeInteger(value) ? node : { ...node, big }
    }
    if (!/^(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$/.test(digits)) refuse()
    return { _tag: 'scalar', value: Number(minus + digits), text, float: true, at: this.#at }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#next
    const match = pattern.exec(this.#text)
    if (match === null) return null
    this.#next = pattern.lastIndex
    return match[0]
  }

  #skip(): void {
    this.#match(/[ \t\f]*/y)
  }

  #isAt(letter: string): boolean {
    this.#skip()
    return this.#text[this.#next] === letter
  }

  #take(letter: string): boolean {
    if (!this.#isAt(letter)) return false
    this.#next += 1
    return true
  }

  #expect(letter: string): void {
    if (!this.#take(letter)) refuse()
  }

  /** A comment, as Python has it, is no part of the value. */
  #isAtEnd(): boolean {
    this.#skip()
    return this.#next === this.#text.length || this.#text[this.#next] === '#'
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
