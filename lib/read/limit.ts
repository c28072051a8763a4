/** What `-l` takes: a host pattern, of which `@FILE` stands for those in the file, one a line. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostPattern } from '../model/inventory.js'
import type { Files } from './files.js'
import { type PatternMistake, readPattern } from './pattern.js'

export const readLimitPattern = (files: Files, text: string): E.Either<readonly PatternMistake[], HostPattern> => {
  if (!/(^|[,:])\s*@/.test(text)) return readPattern(text, null)
  const read = text.split(/[,:](?=\s*@)|(?<=@[^,:]*)[,:]/).map(part => {
    const word = part.trim()
    return word.startsWith('@') ? readPatternFile(files, word.slice(1)) : readPattern(word, null)
  })
  const mistakes = read.flatMap(one => (E.isLeft(one) ? one.left : []))
  if (mistakes.length > 0) return E.left(mistakes)
  const terms = read.flatMap(one => (E.isRight(one) ? one.right.terms : []))
  return E.right({ text, terms, at: null })
}

/** Blank lines say nothing. */
const readPatternFile = (files: Files, file: string): E.Either<readonly PatternMistake[], HostPattern> => {
  const text = files.read(file)
  if (E.isLeft(text)) return readPatternFault(file, text.left)
  const read = text.right.split(/\r?\n/).flatMap((line, i) => {
    const word = line.trim()
    return word === '' ? [] : [readPattern(word, { file, line: i + 1, column: line.indexOf(word) + 1 })]
  })
  const mistakes = read.flatMap(one => (E.isLeft(one) ? one.left : []))
  if (mistakes.length > 0) return E.left(mistakes)
  // It would limit nothing.
  if (read.length === 0) return readPatternFault(file, 'it holds no pattern')
  return E.right({ text: `@${file}`, terms: read.flatMap(one => (E.isRight(one) ? one.right.terms : [])), at: null })
}

const readPatternFault = (path: string, reason: string): E.Either<readonly PatternMistake[], never> =>
  E.left([{ reason, problem: { _tag: 'UnreadableFile', path, reason, at: null } }])
