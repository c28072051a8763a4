/** What runs where, as a table: hosts by services, each with its verdict and what it rests on. */
import * as E from 'fp-ts/lib/Either.js'
import type { Verdict } from '../model/verdict.js'
import { verdictInWords } from '../model/words.js'
import { inColumns } from './columns.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export type StatusRow = Readonly<{ host: string; service: string; verdict: E.Either<string, Verdict> }>

export const statusLines = (rows: readonly StatusRow[], style: Style): readonly string[] => {
  const cells = rows.map(({ host, service, verdict }) => {
    const words = E.isLeft(verdict) ? `unreachable: ${verdict.left}` : verdictInWords(verdict.right)
    const [tag = '', ...rest] = words.split(': ')
    return [host, service, tag, rest.join(': ')].map(printable)
  })
  const table = inColumns([['HOST', 'SERVICE', 'VERDICT', 'EVIDENCE'], ...cells])
  return table.map(([host = '', service = '', tag = '', rest = ''], i) => {
    const colour = i === 0 ? style.strong : colourOf(tag.trim(), style)
    return `${colour(`${host}  ${service}  ${tag}`)}  ${rest}`.trimEnd()
  })
}

const colourOf = (tag: string, style: Style): ((text: string) => string) => {
  if (tag === 'running') return style.good
  if (tag === 'stopped') return style.quiet
  return tag === 'starting' || tag === 'degraded' ? style.changed : style.bad
}
