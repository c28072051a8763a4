/**
 * The table of FreeBSD's, OpenBSD's, NetBSD's and macOS' netstat(1): a dot before the port, `(state)`, and with -v on
 * macOS the pid, in a column of its own or behind the process's name.
 */
import * as E from 'fp-ts/lib/Either.js'
import { splitDottedAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'
import { maybeCut, type NetstatTable, tcpStates } from './netstat-table.js'
import { excerpt, fieldsOf, noAddress, noSocket } from './text.js'

/** Null where the header is not of this flavour. */
export const bsdTable = (header: string): NetstatTable | null => {
  const names = fieldsOf(header)
    .map(({ text }) => text)
    .join(' ')
    .replace('Local Address Foreign Address', 'Local Foreign')
    .split(' ')
  const lead = names.indexOf('Proto')
  const local = names.indexOf('Local')
  if (lead < 0 || lead > 2 || names[local + 1] !== 'Foreign') return null
  const hasState = names[local + 2] === '(state)'
  const columns = { lead, local, after: names.slice(local + 3), isCut: cutter(header, lead > 0) }
  return { read: line => readRow(line, columns, hasState), doubt: () => null }
}

/**
 * Both addresses have columns of equal width, and what is longer is cut: first the host at 16 characters, or 12 where
 * -A needs room, and then host and port together. Only the wide columns of -W and -l take any address.
 */
const cutter = (header: string, narrow: boolean): ((address: string) => boolean) => {
  const width = header.indexOf('Foreign Address') - header.indexOf('Local Address') - 1
  const hostLength = narrow ? 12 : 16
  return address =>
    address.length >= width || (width < 45 && address.includes(':') && address.lastIndexOf('.') >= hostLength)
}

type Columns = Readonly<{
  lead: number
  local: number
  after: readonly string[]
  isCut: (address: string) => boolean
}>

const readRow = (line: string, columns: Columns, hasState: boolean): E.Either<string, Listener | null> => {
  const fields = fieldsOf(line).map(({ text }) => text)
  const protocol = fields[columns.lead] ?? ''
  if (/^(udp|udl|icm|igm|div|raw|ip|sct|mpt|pim|esp|ah)(4|6|46)?$/.test(protocol)) return E.right(null)
  const counts = fields.slice(columns.lead + 1, columns.local)
  const [local, foreign, state] = fields.slice(columns.local)
  if (!/^(tcp|toe)(4|6|46)?$/.test(protocol) || foreign === undefined || !counts.every(count => /^\d+$/.test(count))) {
    return E.left(noSocket('netstat', line))
  }
  if (!hasState) {
    return E.left(`netstat shows no states, so it cannot be told which sockets listen: ${excerpt(line)}`)
  }
  if (!tcpStates.has(state?.replace(/\*$/, '') ?? '')) return E.left(noSocket('netstat', line))
  if (local === undefined || state !== 'LISTEN') return E.right(null)
  const split = splitDottedAddress(local)
  if (columns.isCut(local)) return E.left(maybeCut(excerpt(line)))
  if (split === null) return E.left(noAddress('netstat', line, local))
  return E.right({ ...split, owners: ownersOf(fields.slice(columns.local + 3), columns.after) })
}

/** Null where the columns do not fit: a name may hold blanks and colons, but on both sides of it are numbers alone. */
const ownersOf = (values: readonly string[], names: readonly string[]): readonly number[] | null => {
  const at = names.findIndex(name => name === 'pid' || name === 'process:pid')
  const behind = names.length - at - 1
  if (at < 0 || values.length <= at + behind) return null
  const isFramed =
    values.slice(0, at).every(value => /^\d+$/.test(value)) &&
    values.slice(values.length - behind).every(value => /^(0x)?[\da-f]+$/i.test(value))
  const owner = values.slice(at, values.length - behind)
  const named = names[at] === 'process:pid'
  if (!isFramed || (!named && owner.length !== 1)) return null
  const pid = (named ? /:(\d{1,10})$/ : /^(\d{1,10})$/).exec(owner.at(-1) ?? '')?.[1]
  // 0 is the kernel's own, or not told.
  return pid === undefined || Number(pid) === 0 ? null : [Number(pid)]
}
