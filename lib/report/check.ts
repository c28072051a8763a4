/** What `steward check` found: a table of hosts and subjects, and below it what to fix. */
import { type Finding, type HostCheck, isSound, subjects } from '../model/check.js'
import { inColumns, plural } from './columns.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export const checkLines = (checks: readonly HostCheck[], style: Style): readonly string[] => {
  const rows = checks.map(({ host, findings }) => [host, ...subjects.map(subject => wordFor(findings[subject]))])
  const [head = [], ...table] = inColumns([['host', ...subjects], ...rows.map(row => row.map(printable))])
  const faults = checks.flatMap(({ host, findings }) =>
    subjects.flatMap(subject => {
      const finding = findings[subject]
      if (finding._tag !== 'Bad') return []
      return finding.faults.map(({ what, fix }) =>
        [style.bad(printable(`${host}: ${subject}: ${what}`)), `  ${printable(fix)}`].join('\n'),
      )
    }),
  )
  const sound = checks.filter(isSound).length
  const summary =
    sound === checks.length
      ? `${plural(sound, 'host')} checked; nothing to fix.`
      : `${plural(checks.length, 'host')} checked; ${checks.length - sound} to fix.`
  return [
    style.strong(head.join('  ').trimEnd()),
    ...table.map((cells, i) => {
      const line = cells.join('  ').trimEnd()
      const check = checks[i]
      return check === undefined || isSound(check) ? line : style.bad(line)
    }),
    ...(faults.length === 0 ? [] : ['', ...faults]),
    '',
    summary,
  ]
}

const wordFor = ({ _tag }: Finding): string => {
  switch (_tag) {
    case 'Good':
      return 'ok'
    case 'NotTried':
      return '-'
    case 'Bad':
      return 'FIX'
  }
}
