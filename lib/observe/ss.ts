/**
 * `ss` of iproute2 (ss(8)): [Netid] State Recv-Q Send-Q Local:Port Peer:Port [users:((…))], with or without a header.
 * A path of a UNIX socket may hold whole rows: of tables that show those, too, none is proof; with -t none is shown.
 */
import * as E from 'fp-ts/lib/Either.js'
import { splitAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'
import { ownersOfUsers } from './ss-users.js'
import { excerpt, isEmpty, noAddress, noSocket } from './text.js'

/** The TCP sockets that listen. The Left says why the table does not tell them for certain. */
export const parseSs = (text: string): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  let first: string | null = null
  for (const line of wholeRows(text)) {
    const isHeader = /^(Netid +)?State +Recv-Q +Send-Q/.test(line)
    if (isHeader) continue
    const row = readRow(line)
    if (E.isLeft(row)) return row
    first ??= line
    if (row.right !== null) listeners.push(row.right)
  }
  // Rows, and none that listens: as much a sign that it was asked for something else.
  return first !== null && listeners.length === 0
    ? E.left(`ss does not show what listens, so it has to be run with -lt or -at: ${excerpt(first)}`)
    : E.right(listeners)
}

/** A line that begins with a blank goes on with the row before it. */
const wholeRows = (text: string): readonly string[] => {
  const rows: string[] = []
  for (const line of text.split('\n')) {
    if (isEmpty(line)) continue
    if (/^[ \t]/.test(line) && rows.length > 0) rows.push(`${rows.pop()}${line}`)
    else rows.push(line)
  }
  return rows
}

/** Null is a row that is no listening TCP socket. */
const readRow = (line: string): E.Either<string, Listener | null> => {
  const [row = '', netid = 'tcp', state = '', local = '', peer = ''] = rowForm.exec(line) ?? []
  if (!states.has(state)) return E.left(noSocket('ss', line))
  if (otherNetids.has(netid)) return E.right(null)
  if (netid !== 'tcp') return E.left(noSocket('ss', line))
  if (state !== 'LISTEN') return E.right(null)
  const split = splitAddress(local)
  if (split === null) return E.left(noAddress('ss', line, local))
  const tail = line.slice(row.length)
  // So ends the row of a UNIX socket: its path holds what looks like a row.
  if (!/:\S+$/.test(peer) || /(^| )\d+ +(\*|\d+) +\d+( |$)/.test(tail)) return E.left(noSocket('ss', line))
  return E.right({ ...split, owners: ownersOfUsers(tail) })
}

/** Fields are parted by spaces and tabs alone: any other character may be part of a name. */
const rowForm = /^[ \t]*(?:([^ \t]+)[ \t]+)??([^ \t]+)[ \t]+\d+[ \t]+\d+[ \t]+([^ \t]+)[ \t]+([^ \t]+)/

const states: ReadonlySet<string> = new Set([
  ...['LISTEN', 'ESTAB', 'UNCONN', 'UNKNOWN', 'TIME-WAIT', 'CLOSE-WAIT', 'CLOSING', 'LAST-ACK', 'CLOSED'],
  ...['SYN-SENT', 'SYN-RECV', 'FIN-WAIT-1', 'FIN-WAIT-2', 'NEW-SYN-RECV', 'BOUND-INACTIVE'],
])

const otherNetids: ReadonlySet<string> = new Set([
  ...['udp', 'raw', 'icmp6', 'nl', 'p_raw', 'p_dgr', 'u_str', 'u_dgr', 'u_seq', 'sctp', 'dccp', 'v_str', 'v_dgr'],
  ...['mptcp', 'tipc', 'xdp', 'ti_rd', 'ti_sq', 'ti_st', 'ti_dg', '???', 'unknown'],
])
