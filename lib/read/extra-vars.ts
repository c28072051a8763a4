/** Variables of the command line: `-e`, in each of the forms that Ansible takes. */
import * as E from 'fp-ts/lib/Either.js'
import { VariableName } from '../model/names.js'
import type { InputProblem, InputProblems } from '../model/problem.js'
import type { Variable, Variables } from '../model/template.js'
import { decode } from './codec.js'
import { openSurvey, surveyDocument } from './document.js'
import type { Files } from './files.js'
import { parseTemplate } from './template.js'
import { variables, variablesOf } from './variable.js'
import { parseYaml } from './yaml.js'

/** Of several, the last one that sets a variable counts. */
export const readExtraVars = (files: Files, given: readonly string[]): E.Either<InputProblems, Variables> => {
  const problems: InputProblem[] = []
  const merged = new Map<string, Variable>()
  for (const text of given) {
    const read = readOne(files, text)
    if (E.isLeft(read)) problems.push(...read.left)
    else for (const [name, value] of read.right) merged.set(name, value)
  }
  const [first, ...rest] = problems
  return first === undefined ? E.right(merged) : E.left([first, ...rest])
}

/** `@FILE`, a map in YAML or JSON, or words like `name=value`. */
const readOne = (files: Files, text: string): E.Either<readonly InputProblem[], Variables> => {
  if (text.startsWith('@')) {
    const { problems, value } = openSurvey(surveyDocument(files, text.slice(1), variables))
    return value === null || problems.length > 0 ? E.left(problems) : E.right(variablesOf(value))
  }
  if (/^[/.]/.test(text)) return E.left([{ _tag: 'BadUsage', reason: `-e ${text}: write @ before the name of a file` }])
  if (!/^\s*[[{]/.test(text)) return inWords(text)
  const node = parseYaml(source, text)
  return E.map(variablesOf)(E.isLeft(node) ? node : decode(variables, node.right))
}

/** Where mistakes in them are said to be. */
const source = '-e'

/** Each value is text; `port=80` too. */
const inWords = (text: string): E.Either<readonly InputProblem[], Variables> => {
  const words = [...text.matchAll(word)]
  const end = words.reduce((last, { index, 0: all }) => Math.max(last, index + all.length), 0)
  if (text.slice(end).trim() !== '') return E.left([badWord(end, 'a quote, or a {{, is not closed')])
  const found = new Map<string, Variable>()
  const problems: InputProblem[] = []
  for (const { index, 0: written } of words) {
    const offset = index + written.length - written.trimStart().length
    const [, name, value = ''] = /^([^=]+)=([\s\S]*)$/.exec(unescaped(written.trim())) ?? []
    if (name === undefined || E.isLeft(VariableName.decode(name.trim()))) {
      problems.push(badWord(offset, 'expected NAME=VALUE, @FILE, or a map in braces'))
      continue
    }
    const template = parseTemplate(unquoted(value.trim()), { at: placeAt(offset) })
    if (E.isRight(template)) found.set(name.trim(), { _tag: 'Text', template: template.right })
    else problems.push(...template.left)
  }
  return problems.length > 0 ? E.left(problems) : E.right(found)
}

const placeAt = (offset: number) => ({ file: source, line: 1, column: offset + 1 })

const badWord = (offset: number, reason: string): InputProblem => ({ _tag: 'BadTemplate', at: placeAt(offset), reason })

/** Up to white space that stands neither in quotes nor in braces (ansible/parsing/splitter.py). */
const word =
  /\s*(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\{\{[\s\S]*?\}\}|\{(?!\{)|\\\S?|[^\s"'\\{])+(?=\s|$)/gy

const unquoted = (text: string): string =>
  text.length > 1 && /^["']/.test(text) && text[0] === text.at(-1) && text.at(-2) !== '\\' ? text.slice(1, -1) : text

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\\'"abfnrtv]))/g,
    (all, U, u, x, letter) => {
      if (letter !== undefined) return escapes.get(letter) ?? letter
      const code = Number.parseInt(U ?? u ?? x, 16)
      return code > 0x10ffff ? all : String.fromCodePoint(code)
    },
  )

const escapes: ReadonlyMap<string, string> = new Map(
  Object.entries({ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }),
)
