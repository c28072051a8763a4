/** Text in columns. */
import { cellsOf } from './cells.js'

/** Pads every cell but the last of a row; the widths are the columns' own. Cells must hold no colour yet. */
export const inColumns = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] => {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cellsOf(cell))
  const padded = (cell: string, i: number): string => `${cell}${' '.repeat((widths[i] ?? 0) - cellsOf(cell))}`
  return rows.map(row => row.map((cell, i) => (i === row.length - 1 ? cell : padded(cell, i))))
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** `0.3 s`, `12 s`, `2 min 5 s`. */
export const showMs = (ms: number): string => {
  const seconds = ms / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** The first few of many names. */
export const someOf = (names: readonly string[], most = 8): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')
