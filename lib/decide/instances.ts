/** The instances a process should have on a host: itself, or one for each line of a file of the host's. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostProcess, Instance } from '../model/catalog.js'
import type { HostText, Observation } from '../model/observation.js'
import { shellWord } from '../model/shell.js'
import { renderRest } from './variables.js'

/** The Left says why they cannot be known. */
export const instancesOf = (process: HostProcess, observation: Observation): E.Either<string, readonly Instance[]> => {
  if (process.each === null) return E.right([instanceOf(process, process.name, new Map())])
  const { linesOf, as } = process.each
  const file = observation.files.get(linesOf)
  if (file === undefined) return E.left(`${linesOf} was not read`)
  if (file._tag === 'Unseen') return E.left(`${linesOf}: ${file.why}`)
  const rows = rowsOf(file.value)
  const problem = rows.map(row => problemOf(row, rows, linesOf, as.length)).find(found => found !== null)
  if (problem !== undefined && problem !== null) return E.left(problem)
  return E.right(
    rows.map(({ words }) => {
      const values = new Map(as.map((variable, i) => [variable, words[i] ?? ''] as const))
      const first = words[0] ?? ''
      const alone = rows.filter(row => row.words[0] === first).length === 1
      return instanceOf(process, alone ? first : words.join(' '), values)
    }),
  )
}

type Row = Readonly<{ line: number; words: readonly string[] }>

/** Lines with something on them; `#` begins a comment. */
const rowsOf = (lines: readonly HostText[]): readonly Row[] =>
  lines
    .map((text, i) => ({ line: i + 1, words: text.replace(/#.*/, '').split(/\s+/).filter(Boolean) }))
    .filter(({ words }) => words.length > 0)

/**
 * These words end up in commands that run on the host, and whoever can write the file should gain nothing by that: a
 * word that a shell could take for more than a word, or a program for an option, is refused.
 */
const harmless = /^[A-Za-z0-9_./@%+=:,][A-Za-z0-9_./@%+=:,-]*$/

const problemOf = (row: Row, rows: readonly Row[], file: string, expected: number): string | null => {
  const place = `line ${row.line} of ${file}`
  if (row.words.length !== expected) return `${place} has ${row.words.length} words where ${expected} are declared`
  if (!row.words.every(word => harmless.test(word))) return `${place} has a word that is not safe in a command`
  const twin = rows.find(other => other.words.join(' ') === row.words.join(' '))
  return twin !== undefined && twin.line !== row.line ? `${place} repeats line ${twin.line}` : null
}

const instanceOf = (process: HostProcess, label: string, values: ReadonlyMap<string, string>): Instance => ({
  process: process.name,
  label,
  args: process.args.map(arg => renderRest(arg, values, value => value)),
  listens: process.listens,
  start: process.start === null ? null : renderRest(process.start, values, shellWord),
  stop: process.stop === null ? null : renderRest(process.stop, values, shellWord),
  onStop: process.onStop,
})
