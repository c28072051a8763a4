/** The words of an expression, each with its place. */
import { Float } from '../../model/value.js'
import { ExpressionFault } from './fault.js'

export type Token = Readonly<{ offset: number }> &
  (
    | Readonly<{ _tag: 'name' | 'mark'; text: string }>
    | Readonly<{ _tag: 'constant'; value: string | number | Float }>
    | Readonly<{ _tag: 'end' }>
  )

export type Tokens = Readonly<{ tokens: readonly Token[]; end: number }>

/**
 * From `start` up to the `}}` that no brace of the expression's own claims, or with `bare` to the end of the text.
 * `end` is right behind it. Throws ExpressionFault.
 */
export const tokenise = (text: string, start: number, bare: boolean): Tokens => {
  const tokens: Token[] = []
  const open: string[] = []
  for (let at = start; ; ) {
    at += matchAt(space, text, at).length
    if (at >= text.length) {
      if (!bare) throw new ExpressionFault(start, 'a {{ has no }} after it')
      return { tokens: [...tokens, { _tag: 'end', offset: at }], end: at }
    }
    const closing = bare || open.at(-1) === '{' ? '' : matchAt(close, text, at)
    if (closing !== '') return { tokens: [...tokens, { _tag: 'end', offset: at }], end: at + closing.length }
    if (tokens.length >= maxTokens) throw new ExpressionFault(at, `an expression has more than ${maxTokens} words`)
    const [token, length] = tokenAt(text, at)
    tokens.push(token)
    if (token._tag === 'mark' && '([{'.includes(token.text)) open.push(token.text)
    if (token._tag === 'mark' && ')]}'.includes(token.text)) open.pop()
    at += length
  }
}

/** More than anybody reads, few enough for every walk over them. */
const maxTokens = 1000

const space = /\s*/y
const close = /-?\}\}/y
const name = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)/y
const quoted = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y
const mark = /\/\/|\*\*|[=!<>]=|[-+~*/%<>=()[\]{},.:|]/y

const matchAt = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

const tokenAt = (text: string, offset: number): readonly [Token, number] => {
  const word = matchAt(name, text, offset)
  if (word !== '') return [{ _tag: 'name', text: word, offset }, word.length]
  const digits = matchAt(number, text, offset)
  if (digits !== '') return [{ _tag: 'constant', value: numberIn(digits, offset), offset }, digits.length]
  const string = matchAt(quoted, text, offset)
  if (string !== '') return [{ _tag: 'constant', value: unescaped(string.slice(1, -1)), offset }, string.length]
  const sign = matchAt(mark, text, offset)
  if (sign !== '') return [{ _tag: 'mark', text: sign, offset }, sign.length]
  const letter = String.fromCodePoint(text.codePointAt(offset) ?? 0)
  if (letter === '"' || letter === "'") throw new ExpressionFault(offset, 'a quote has no second one after it')
  throw new ExpressionFault(offset, `an expression cannot hold ${letter}`)
}

const numberIn = (digits: string, offset: number): number | Float => {
  const plain = digits.replaceAll('_', '')
  if (/^0\d/.test(plain) && Number(plain) !== 0) throw new ExpressionFault(offset, 'a number cannot begin with 0')
  const value = Number(plain)
  if (/[.e]/i.test(plain) && !/^0x/i.test(plain)) return new Float(value)
  if (!Number.isSafeInteger(value)) throw new ExpressionFault(offset, 'a whole number cannot be larger than 2^53')
  return value
}

/** As in Python: what is no escape stays as it is, so that '\d' is a pattern. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3})|(\n)|(.))/g, (all, x, u, octal, line, letter) => {
    if (line !== undefined) return ''
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    if (letter === undefined) return String.fromCharCode(Number.parseInt(x ?? u, 16))
    return escapes.get(letter) ?? all
  })

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\', "'": "'", '"': '"' }),
)
