/** The instances a process should have on a host: itself, or one for each line of a file of the host's. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostProcess, HostService, Instance, Recognition } from '../model/catalog.js'
import type { HostText, Observation } from '../model/observation.js'
import { shellWord } from '../model/shell.js'
import type { LineTemplate } from '../model/template.js'
import { renderRest } from './variables.js'

/** All that a service should have on a host; the Left says why they cannot be known. */
export const declaredInstances = (
  { processes }: HostService,
  observation: Observation,
): E.Either<string, readonly Instance[]> => {
  if (processes.every(({ each }) => each === null)) return E.right(plainInstances(processes))
  const results = processes.map(process => instancesOf(process, observation))
  const left = results.find(E.isLeft)
  return left ?? E.right(results.flatMap(result => (E.isRight(result) ? result.right : [])))
}

const plain = new WeakMap<readonly HostProcess[], readonly Instance[]>()

/** One for each process, made once for all hosts that have the same processes. */
const plainInstances = (processes: readonly HostProcess[]): readonly Instance[] => {
  const known = plain.get(processes)
  if (known !== undefined) return known
  const instances = processes.map(process => instanceOf(process, process.name, new Map()))
  plain.set(processes, instances)
  return instances
}

/** The Left says why they cannot be known. */
export const instancesOf = (process: HostProcess, observation: Observation): E.Either<string, readonly Instance[]> => {
  if (process.each === null) return E.right([instanceOf(process, process.name, new Map())])
  const { linesOf, as } = process.each
  const file = observation.files.get(linesOf)
  if (file === undefined) return E.left(`${linesOf} was not read`)
  if (file._tag === 'Unseen') return E.left(`${linesOf}: ${file.why}`)
  const rows = rowsOf(file.value)
  const problem = problemIn(rows, linesOf, as.length)
  if (problem !== null) return E.left(problem)
  const firstWords = new Map<string, number>()
  for (const { words } of rows) firstWords.set(words[0] ?? '', (firstWords.get(words[0] ?? '') ?? 0) + 1)
  return E.right(
    rows.map(({ words }) => {
      const values = new Map(as.map((variable, i) => [variable, words[i] ?? ''] as const))
      const alone = firstWords.get(words[0] ?? '') === 1
      return instanceOf(process, alone ? (words[0] ?? '') : labelOf(words), values)
    }),
  )
}

/** All that a line says; its first word alone is enough where no other line begins with it. */
export const labelOf = (words: readonly string[]): string => words.join(' ')

type Row = Readonly<{ line: number; words: readonly string[] }>

/** Lines with something on them; `#` begins a comment. */
const rowsOf = (lines: readonly HostText[]): readonly Row[] =>
  lines
    .map((text, i) => ({ line: i + 1, words: text.replace(/#.*/, '').split(/\s+/).filter(Boolean) }))
    .filter(({ words }) => words.length > 0)

/** More than any file of instances has; a host must not keep us busy with what it says. */
const maxRows = 10_000

/**
 * These words end up in commands that run on the host, and whoever can write the file should gain nothing by that: a
 * word that a shell could take for more than a word, a program for an option, or a path for the way out, is refused.
 */
export const harmless = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[A-Za-z0-9_./@%+=:,][A-Za-z0-9_./@%+=:,-]*$/

const problemIn = (rows: readonly Row[], file: string, expected: number): string | null => {
  if (rows.length === 0) return `${file} names none`
  if (rows.length > maxRows) return `${file} has more than ${maxRows} lines`
  const seen = new Map<string, number>()
  for (const { line, words } of rows) {
    const place = `line ${line} of ${file}`
    if (words.length !== expected) return `${place} has ${words.length} words where ${expected} are declared`
    if (!words.every(word => harmless.test(word))) return `${place} has a word that is not safe in a command`
    const twin = seen.get(words.join(' '))
    if (twin !== undefined) return `${place} repeats line ${twin}`
    seen.set(words.join(' '), line)
  }
  return null
}

/** How a process is recognised, with each template as the text that `render` makes of it. */
const recognised = (process: HostProcess, render: (template: LineTemplate) => string): Recognition<string> => {
  const orNull = (template: LineTemplate | null): string | null => (template === null ? null : render(template))
  return {
    args: process.args.map(render),
    globs: process.globs.map(render),
    patterns: process.patterns.map(render),
    exe: orNull(process.exe),
    cwd: orNull(process.cwd),
    user: orNull(process.user),
    parent: process.parent,
    contained: process.contained,
  }
}

export const instanceOf = (process: HostProcess, label: string, values: ReadonlyMap<string, string>): Instance => ({
  process: process.name,
  label,
  ...recognised(process, template => renderRest(template, values, value => value)),
  listens: process.listens,
  start: process.start === null ? null : renderRest(process.start, values, shellWord),
  stop: process.stop === null ? null : renderRest(process.stop, values, shellWord),
  onStop: process.onStop,
})
