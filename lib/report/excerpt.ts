/** The line of a mistake with a caret below it, as compilers show it, without what may be a secret. */
import type { SourcePos } from '../model/place.js'
import { cellsOf } from './cells.js'
import { printable } from './printable.js'

/** Two lines. `line` is the one that `at` is in. */
export const excerptOf = (line: string, { column }: SourcePos): readonly string[] => {
  const hidden = withoutSecrets(line.replaceAll('\t', ' '))
  const caret = Math.min(column - 1, hidden.length)
  const start = Math.max(0, Math.min(caret - before, hidden.length - most))
  const shown = hidden.slice(start, start + most)
  const lead = start > 0 ? '…' : ''
  const left = printable(shown.slice(0, caret - start))
  return [
    `    ${lead}${left}${printable(shown.slice(caret - start))}`,
    `    ${lead === '' ? '' : ' '}${' '.repeat(cellsOf(left))}^`,
  ]
}

/** Of a long line, the most that is shown, and how much of it from before the mistake. */
const most = 100
const before = 60

/** What is assigned to a name that sounds like a secret, up to the end: where a secret ends only its reader knows. */
const withoutSecrets = (line: string): string =>
  line.replace(/((?:pass|pwd|secret|token|credential|vault|api_?key|private_?key)[\w-]*["']?\s*[:=]\s*)\S.*$/i, '$1…')
