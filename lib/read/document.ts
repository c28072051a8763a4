/** One file, read and decoded. */
import * as E from 'fp-ts/lib/Either.js'
import * as TH from 'fp-ts/lib/These.js'
import type { Placed } from '../model/place.js'
import { distinct, type InputProblem, type InputProblems } from '../model/problem.js'
import { type Codec, decode } from './codec.js'
import { readDecrypted, withVault } from './decrypted.js'
import type { Files } from './files.js'
import type { YamlNode } from './node.js'
import { salvage } from './salvage.js'
import { parseYaml } from './yaml.js'

/**
 * One file: what it says (Right), what is wrong with it (Left), or, where something can be read all the same, Both. A
 * Both is for finding the mistakes of other files that it names. `named` is where another file names this one; null
 * for a file named on the command line.
 */
export const surveyDocument = <A>(
  files: Files,
  path: string,
  codec: Codec<A>,
  named: Placed<string> | null = null,
): TH.These<InputProblems, A> => {
  const content = readDecrypted(files, path)
  if (E.isLeft(content)) {
    return TH.left([{ _tag: 'UnreadableFile', path, reason: content.left, at: named?.at ?? null }])
  }
  return surveyText(path, withVault(parseYaml(path, content.right.text), content.right, files), codec)
}

/** The same of a text that is parsed already. */
export const surveyText = <A>(
  path: string,
  node: E.Either<InputProblems, YamlNode>,
  codec: Codec<A>,
): TH.These<InputProblems, A> => {
  if (E.isLeft(node)) return TH.left(toReport(path, node.left))
  const decoded = decode(codec, node.right)
  if (E.isRight(decoded)) return decoded
  const rest = salvage(codec, node.right, decoded.left)
  const problems = toReport(path, decoded.left)
  return rest === null ? TH.left(problems) : TH.both(problems, rest)
}

/** The problems of a survey and its value, each as far as there is one. */
export const openSurvey = <A>(
  survey: TH.These<InputProblems, A>,
): Readonly<{ problems: readonly InputProblem[]; value: A | null }> => ({
  problems: TH.isRight(survey) ? [] : survey.left,
  value: TH.isLeft(survey) ? null : survey.right,
})

/** A survey of what was found wrong and what could be read. */
export const surveyOf = <A>(problems: readonly InputProblem[], value: A | null): TH.These<InputProblems, A> => {
  const [first, ...rest] = distinct(problems)
  if (first === undefined) {
    if (value === null) throw new Error('a survey without a value has to say what is wrong')
    return TH.right(value)
  }
  return value === null ? TH.left([first, ...rest]) : TH.both([first, ...rest], value)
}

/** For what is acted on: with any mistake there is nothing. */
export const strictly = <A>(survey: TH.These<InputProblems, A>): E.Either<InputProblems, A> =>
  TH.isRight(survey) ? E.right(survey.right) : E.left(survey.left)

/** More than these, and it is the wrong file. */
const maxMistakes = 1000

/** Each once: a mistake behind an anchor is met again at each alias. */
const toReport = (path: string, problems: InputProblems): InputProblems => {
  const [first, ...rest] = distinct(problems)
  if (rest.length < maxMistakes) return [first, ...rest]
  const reason = `it has ${rest.length + 1} mistakes; the first ${maxMistakes} are named`
  return [{ _tag: 'UnreadableFile', path, reason, at: null }, first, ...rest.slice(0, maxMistakes - 1)]
}
