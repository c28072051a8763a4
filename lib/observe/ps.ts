/**
 * `ps`, read by the names in its header: POSIX `-o`, `-ef` and `aux` of procps, BusyBox, toybox, FreeBSD, macOS and
 * Solaris. The command is the last column and may hold anything; what comes before it is fields.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { HostText } from '../model/observation.js'
import { columnReaders, type Facts, headerOf, noFacts } from './ps-columns.js'
import { afterBlanks, excerpt, isEmpty } from './text.js'

export type PsRow = Facts &
  Readonly<{
    pid: number
    /** All arguments as they were printed, joined by single spaces. */
    line: HostText
    /** Printed by a tool that cuts its lines. */
    isShort: boolean
  }>

/** The Left names the first line that is not a process: a table is believed whole or not at all. */
export const parsePs = (text: string): E.Either<string, readonly PsRow[]> => {
  const lines = text.split('\n').filter(line => !isEmpty(line))
  const [first, ...others] = lines
  if (first === undefined) return E.left('ps printed no process, not even its own')
  const header = headerOf(first)
  if (header === null) {
    return E.left(`ps printed no header with PID and, last, COMMAND, CMD, ARGS or CMDLINE: ${excerpt(first)}`)
  }
  const readRow = rowReader(columnReaders(header), header.short)
  const rows = new Map<number, PsRow>()
  for (const line of others) {
    const row = readRow(line)
    if (row === null) return E.left(`ps printed a line that is no process: ${excerpt(line)}`)
    if (rows.has(row.pid)) return E.left(`ps printed pid ${row.pid} twice: ${excerpt(line)}`)
    rows.set(row.pid, row)
  }
  return rows.size > 0 ? E.right([...rows.values()]) : E.left('ps printed no process, not even its own')
}

const rowReader =
  (readers: ReturnType<typeof columnReaders>, isShort: boolean) =>
  (line: string): PsRow | null => {
    const facts = { ...noFacts }
    let at = 0
    for (const read of readers) {
      const start = afterBlanks(line, at)
      const end = start < line.length ? read(line, start, facts) : null
      if (end === null) return null
      at = end
    }
    // Without as much as a blank before the command, the line was cut in the field before it.
    if (at >= line.length || facts.pid === null) return null
    return { ...facts, pid: facts.pid, isShort, line: line.slice(afterBlanks(line, at)) as HostText }
  }
