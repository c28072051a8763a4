/** The terminal that stdout is, if it is one: its size, and what may be shown on it. */
import { wrapped } from '../report/wrap.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Terminals that do not know their size say 0. */
export const windowSize = (): Readonly<{ columns: number; rows: number }> => ({
  columns: process.stdout.columns || 80,
  rows: process.stdout.rows || 24,
})

/** Long lines broken between words where a person reads them; as they are for a file or a pipe. */
export const fitted = (lines: readonly string[]): readonly string[] => {
  const columns = shownColumns()
  return columns === Infinity ? lines : lines.flatMap(line => wrapped(line, columns))
}

/** As wide as it likes where it is no terminal. */
export const shownColumns = (): number => (process.stdout.isTTY === true ? windowSize().columns : Infinity)

/** NO_COLOR (no-color.org) wins over FORCE_COLOR; a dumb terminal and what is none get no colour of themselves. */
export const wantsColour = (environment: Environment, isTerminal: boolean): boolean => {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTerminal && TERM !== 'dumb'
}

/** Lines are redrawn only where a cursor can move and somebody looks at it. */
export const mayRedraw = ({ CI, TERM }: Environment, isTerminal: boolean): boolean =>
  isTerminal && TERM !== 'dumb' && (CI === undefined || CI === '' || CI === 'false')
