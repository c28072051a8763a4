/** `sockstat -46lnP tcp` of FreeBSD (sockstat(1)): USER COMMAND PID FD PROTO LOCAL FOREIGN, and more behind. */
import * as E from 'fp-ts/lib/Either.js'
import { splitAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'
import { tcpStates } from './netstat-table.js'
import { fieldsOf, isEmpty, noAddress, noSocket } from './text.js'

/** The TCP sockets that listen, one for each process that holds one. */
export const parseSockstat = (text: string): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  const lines = text.split('\n').filter(line => !isEmpty(line))
  if (lines.length === 0) return E.left('sockstat printed nothing')
  for (const [i, line] of lines.entries()) {
    if (i === 0 && /^USER +COMMAND +PID +FD +PROTO +LOCAL ADDRESS +FOREIGN ADDRESS/.test(line)) continue
    const row = readRow(line)
    if (E.isLeft(row)) return row
    if (row.right !== null) listeners.push(row.right)
  }
  return E.right(listeners)
}

/** A command may hold blanks, and looks like a row itself if it likes: the last protocol in a line is the kernel's. */
const readRow = (line: string): E.Either<string, Listener | null> => {
  const fields = fieldsOf(line).map(({ text }) => text)
  const at = fields.findLastIndex(field => protocols.test(field))
  const [pid, fd, protocol, local, foreign] = fields.slice(at - 2)
  const isHidden = pid === '?' && fd === '?'
  const isRow = isHidden || (/^\d{1,10}$/.test(pid ?? '') && /^\d+$/.test(fd ?? ''))
  const hasPath = fields.slice(3).some(field => /^(stream|dgram|seqpac)$/.test(field))
  if (at < 3 || !isRow || local === undefined || foreign === undefined) return E.left(noSocket('sockstat', line))
  if (!protocol?.startsWith('tcp')) return E.right(null)
  if (hasPath) return E.left(noSocket('sockstat', line))
  const state = fields.slice(at + 3).find(field => tcpStates.has(field))
  const isBoundAlone = state !== undefined && state !== 'LISTEN'
  if (local === '*:*' || foreign !== '*:*' || isBoundAlone) return E.right(null)
  const split = splitAddress(local)
  if (split === null) return E.left(noAddress('sockstat', line, local))
  return E.right({ ...split, owners: isHidden ? null : [Number(pid)] })
}

const protocols = /^(tcp|udp|udpl|sctp|div|icmp?|raw)(4|6|46)?$|^(stream|dgram|seqpac)$/
