/** `ps -A -ww -o pid= -o ppid= -o uid= -o stat= -o etime= -o args=` (POSIX ps; uid and stat as procps and BSD name them). */
import * as E from 'fp-ts/lib/Either.js'
import type { HostText } from '../model/observation.js'

export type PsRow = Readonly<{
  pid: number
  ppid: number
  uid: number
  state: string
  ageSeconds: number
  /** All arguments, joined by single spaces. */
  line: HostText
}>

/** The Left names the first line that is not a process. */
export const parsePs = (text: string): E.Either<string, readonly PsRow[]> => {
  const rows: PsRow[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const row = rowOf(line)
    if (row === null) return E.left(`ps printed a line that is no process: "${line.slice(0, 80)}"`)
    rows.push(row)
  }
  return rows.length > 0 ? E.right(rows) : E.left('ps printed no process, not even its own')
}

const form =
  /^\s*(?<pid>\d+)\s+(?<ppid>\d+)\s+(?<uid>\d+)\s+(?<stat>[A-Za-z?]\S*)\s+(?<etime>[\d:-]+)(?:\s(?<line>.*))?$/s

const rowOf = (line: string): PsRow | null => {
  const fields = form.exec(line)?.groups
  const ageSeconds = elapsedSeconds(fields?.['etime'] ?? '')
  if (fields === undefined || ageSeconds === null) return null
  return {
    pid: Number(fields['pid']),
    ppid: Number(fields['ppid']),
    uid: Number(fields['uid']),
    state: (fields['stat'] ?? '?').slice(0, 1),
    ageSeconds,
    line: (fields['line'] ?? '').trimStart() as HostText,
  }
}

/** `[[days-]hours:]minutes:seconds`, as POSIX has it; a process from "the future" (a stepped clock) is `-`, so 0. */
const elapsedSeconds = (text: string): number | null => {
  if (text === '-') return 0
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec(text)
  if (match === null) return null
  const [days, hours, minutes, seconds] = match.slice(1).map(part => Number(part ?? 0))
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)
}
