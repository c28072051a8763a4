/** What is wrong with the input, one line each: place, cause, and what was probably meant. */
import { closest, distance } from 'fastest-levenshtein'
import type { ToldProblem } from '../model/event.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem, InputWarning } from '../model/problem.js'
import { sameHostHint } from '../model/words.js'
import { excerptOf } from './excerpt.js'
import { printable } from './printable.js'

/** In the order of the files' lines. */
export const problemLines = (problems: readonly InputProblem[]): readonly string[] =>
  [...problems].sort(byPlace).map(problemLine)

/** The same, each with the line that it is in and a caret. `lineAt` is null where that cannot be had. */
export const problemReport = (
  problems: readonly InputProblem[],
  lineAt: (at: SourcePos) => string | null,
): readonly string[] =>
  [...problems].sort(byPlace).flatMap((problem, i) => {
    const at = posOf(problem)
    const line = at === null || i >= maxExcerpts ? null : lineAt(at)
    return [problemLine(problem), ...(at === null || line === null ? [] : excerptOf(line, at))]
  })

/** For programs, in the same order: what the model says of each, its message, and the word that was probably meant. */
export const problemData = (problems: readonly InputProblem[]): readonly ToldProblem[] =>
  [...problems]
    .sort(byPlace)
    .map(problem => ({ ...problem, message: messageOf(problem), suggestion: suggestionFor(problem) }))

const suggestionFor = (problem: InputProblem): string | null =>
  'known' in problem ? nearestTo(wordIn(problem), problem.known) : null

const wordIn = (problem: Extract<InputProblem, { known: readonly string[] }>): string => {
  switch (problem._tag) {
    case 'UnknownKey':
      return problem.key
    case 'UndefinedVariable':
      return problem.variable
    case 'UnknownHost':
      return problem.pattern
    case 'UnknownGroup':
      return problem.group
    case 'UnknownService':
      return problem.service
    case 'UnknownWord':
      return problem.word
  }
}

/** Whoever has more mistakes has made one of them everywhere. */
const maxExcerpts = 100

const problemLine = (problem: InputProblem): string => printable(cut(`${placeOf(problem)}${messageOf(problem)}`))

/** What is not a mistake, but may be one of thinking. */
export const warningLines = (warnings: readonly InputWarning[]): readonly string[] =>
  warnings.map(({ at, what }) => printable(cut(`${showPlace(at)}: ${what}`)))

/** A key or a word may be megabytes long. */
const cut = (line: string): string => (line.length > maxLine ? `${line.slice(0, maxLine)}…` : line)
const maxLine = 1000

const messageOf = (problem: InputProblem): string => {
  switch (problem._tag) {
    case 'UnreadableFile':
      return `${problem.path} cannot be read: ${problem.reason}`
    case 'BadYaml':
      return `bad YAML: ${problem.reason}`
    case 'BadConfig':
    case 'Unsupported':
      return problem.reason
    case 'NotHonoured':
      return `${problem.key} is not heeded: ${problem.why}`
    case 'DuplicateKey':
      return `the key "${problem.key}" stands twice in this map; the first is at ${showPlace(problem.first)}`
    case 'UnknownKey':
      return `unknown key "${problem.key}"${meant(problem.key, problem.known)}${listed(problem.known)}`
    case 'MissingKey':
      return `${problem.of} needs ${problem.keys.length > 1 ? 'one of the keys' : 'the key'} ${problem.keys.map(key => `"${key}"`).join(', ')}`
    case 'WrongType':
      return `expected ${problem.expected}, found ${problem.found}`
    case 'UnknownWord':
      return `unknown ${problem.what} "${problem.word}"${meant(problem.word, problem.known)}${listed(problem.known)}`
    case 'BadTemplate':
      return problem.reason
    case 'UndefinedVariable':
      return `the variable "${problem.variable}" is not defined for ${problem.host}${meant(problem.variable, problem.known)}`
    case 'BadValue':
      return `expected ${problem.expected}, found ${problem.found} on ${problem.host}`
    case 'UnknownHost':
      return `no host or group is called "${problem.pattern}"${meant(problem.pattern, problem.known)}`
    case 'NoSuchHost':
      return `"${problem.pattern}" has no host [${problem.index}]: it has ${problem.count}, from [0] to [${problem.count - 1}]`
    case 'UnknownGroup':
      return `${problem.by} names the group "${problem.group}", which is declared nowhere${meant(problem.group, problem.known)}`
    case 'UnknownService':
      return `unknown service "${problem.service}"${meant(problem.service, problem.known)}${listed(problem.known)}`
    case 'DuplicateService':
      return `the service "${problem.service}" is defined twice; the first is at ${showPlace(problem.first)}`
    case 'Nowhere':
      return `the service "${problem.service}" has no host: none matches ${problem.pattern}`
    case 'DependencyCycle':
      return `these ${problem.of} form a circle: ${problem.cycle.join(' → ')}`
    case 'Contradiction':
      return `"${problem.service}" should run and requires "${problem.requires}", which this play stops`
    case 'NotBeside': {
      const { service, requires, hosts, pattern } = problem
      const [first, ...others] = hosts
      const more = others.length === 0 ? '' : ` and ${others.length} more`
      return `"${service}" requires "${requires}" on the same host, and there is none on ${first}${more}: its hosts are ${pattern}; write all_hosts if it may be on another host`
    }
    case 'BatchOrder': {
      const { waits, for: awaited, state, beside } = problem
      const acts = state === 'running' ? 'starts' : 'stops'
      const why = state === 'running' ? 'requires' : 'is required by'
      const [requiring, required] = state === 'running' ? [waits, awaited] : [awaited, waits]
      const hint = beside ? `; ${sameHostHint(requiring.service, required.service)}` : ''
      return `${waits.service} on ${waits.host} (batch ${waits.batch}) ${why} ${awaited.service} on ${awaited.host}, which this play ${acts} only in batch ${awaited.batch}: put ${awaited.host} before it, or ${awaited.service} into a play of its own${hint}`
    }
    case 'SameMachine':
      return `"${problem.service}" would be on ${problem.host} and on ${problem.other}, which are the same machine`
    case 'BadUsage':
      return problem.reason
  }
}

const meant = (word: string, known: readonly string[]): string => {
  const nearest = nearestTo(word, known)
  return nearest === null ? '' : `; did you mean "${nearest}"?`
}

const nearestTo = (word: string, known: readonly string[]): string | null => {
  if (known.length === 0 || word.length > 100) return null
  const nearest = closest(word, [...known])
  const far = distance(word, nearest)
  return far < word.length && far <= Math.min(2, Math.ceil(word.length / 3)) ? nearest : null
}

const listed = (known: readonly string[]): string => {
  if (known.length === 0) return ''
  const more = known.length > 20 ? ` and ${known.length - 20} more` : ''
  return `; known are ${known.slice(0, 20).join(', ')}${more}`
}

const posOf = (problem: InputProblem): SourcePos | null => (problem._tag === 'BadUsage' ? null : problem.at)

const placeOf = (problem: InputProblem): string => {
  const at = posOf(problem)
  return at === null ? '' : `${showPlace(at)}: `
}

const showPlace = ({ file, line, column }: SourcePos): string => `${file}:${line}:${column}`

const byPlace = (a: InputProblem, b: InputProblem): number => {
  const [one, two] = [posOf(a), posOf(b)]
  if (one === null || two === null) return Number(two === null) - Number(one === null)
  return compare(one.file, two.file) || one.line - two.line || one.column - two.column
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
