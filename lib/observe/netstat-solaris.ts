/**
 * Solaris' and illumos' netstat(8) with -an: a section for each protocol and family, two lines of header, a rule of
 * dashes; -u adds User, Pid and Command behind the addresses, one row for each holder of a socket.
 */
import * as E from 'fp-ts/lib/Either.js'
import { splitDottedAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'
import { tcpStates } from './netstat-table.js'
import { excerpt, type Field, fieldsOf, noAddress, noSocket } from './text.js'

export const isSolarisHeading = (line: string): boolean => /^(TCP|UDP|SCTP)(: IPv[46]|:)?$/.test(line)

type Columns = Readonly<{ owned: boolean; hasInterface: boolean; local: number; remote: number }>

/** `lines` without the blank ones. */
export const parseSolarisNetstat = (lines: readonly string[]): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  let showsServers = false
  let isTcp = false
  let columns: Columns | null = null
  for (const [i, line] of lines.entries()) {
    if (/^Active UNIX domain sockets$/.test(line)) break
    if (isSolarisHeading(line)) {
      isTcp = line.startsWith('TCP')
      columns = null
      continue
    }
    if (!isTcp) continue
    if (columns === null) {
      columns = columnsOf(line, lines[i + 1] ?? '')
      if (columns === null) return E.left(`netstat printed a header that is not known: ${excerpt(line)}`)
      continue
    }
    if (/^[- ]+$/.test(line)) continue
    const row = readRow(line, columns)
    if (E.isLeft(row)) return row
    showsServers ||= row.right.isServer
    if (row.right.listener !== null) listeners.push(row.right.listener)
  }
  return showsServers
    ? E.right(listeners)
    : E.left('netstat shows no listening TCP socket at all, so it has to be run with -a')
}

const columnsOf = (header: string, rule: string): Columns | null => {
  const names = fieldsOf(header)
    .map(({ text }) => text)
    .join(' ')
  const form = /^Local Address Remote Address( User Pid Command)? Swind Send-Q Rwind Recv-Q State( If)?$/.exec(names)
  const [local, remote] = fieldsOf(rule)
  if (form === null || local === undefined || remote === undefined || !/^[- ]+$/.test(rule)) return null
  return {
    owned: form[1] !== undefined,
    hasInterface: form[2] !== undefined,
    local: local.text.length,
    remote: remote.text.length,
  }
}

type Row = Readonly<{ isServer: boolean; listener: Listener | null }>

const readRow = (line: string, columns: Columns): E.Either<string, Row> => {
  const fields = fieldsOf(line)
  const [local, remote] = fields
  const end = stateAt(fields, columns.hasInterface)
  if (local === undefined || remote === undefined || local.start > 0 || end < 6) {
    return E.left(noSocket('netstat', line))
  }
  const state = fields[end]?.text ?? ''
  const between = fields.slice(2, end - 4)
  if (!columns.owned && between.length > 0) return E.left(noSocket('netstat', line))
  if (state !== 'LISTEN') return E.right({ isServer: beforeConnection.has(state), listener: null })
  const split = splitDottedAddress(local.text)
  if (split === null) return E.left(noAddress('netstat', line, local.text))
  return E.right({ isServer: true, listener: { ...split, owners: ownersOf(between, local, remote, columns) } })
}

/** States that are shown with -a alone. */
const beforeConnection: ReadonlySet<string> = new Set(['LISTEN', 'IDLE', 'BOUND', 'CLOSED'])

/** The state is the last field, or the one before an interface, and behind four numbers; -1 if it is not. */
const stateAt = (fields: readonly Field[], hasInterface: boolean): number => {
  const isState = (at: number): boolean =>
    at >= 6 && tcpStates.has(fields[at]?.text ?? '') && fields.slice(at - 4, at).every(({ text }) => /^\d+$/.test(text))
  const last = fields.length - 1
  if (isState(last)) return last
  return hasInterface && isState(last - 1) ? last - 1 : -1
}

/** Null unless user, pid and command stand there: a row whose user is blank must not lend its pid's place. */
const ownersOf = (between: readonly Field[], local: Field, remote: Field, columns: Columns) => {
  const [user, pid] = between
  const remoteStart = Math.max(local.end, columns.local) + 1
  const userStart = Math.max(remote.end, remoteStart + columns.remote) + 1
  if (user === undefined || pid === undefined || between.length < 3) return null
  if (remote.start !== remoteStart || user.start !== userStart || !/^\d{1,10}$/.test(pid.text)) return null
  return [Number(pid.text)]
}
