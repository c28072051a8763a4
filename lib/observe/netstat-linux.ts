/** The table of net-tools (netstat(8)), BusyBox and toybox: State, and behind it User, Inode, PID/Program name, Timer. */
import * as E from 'fp-ts/lib/Either.js'
import { splitAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'
import { maybeCut, type NetstatTable, tcpStates } from './netstat-table.js'
import { excerpt, type Field, fieldsOf, noAddress, noSocket } from './text.js'

/** Null where the header is not of this flavour. */
export const linuxTable = (header: string): NetstatTable | null => {
  const form = /^Proto Recv-Q Send-Q (Local Address +)Foreign Address +(State\b.*)$/.exec(header)
  if (form === null) return null
  const width = (form[1] ?? '').length - 1
  const [, ...names] = fieldsOf(form[2] ?? '').map(({ text }) => text)
  const extended = names[0] === 'User' && names[1] === 'Inode'
  const owned = names[extended ? 2 : 0] === 'PID/Program'
  // A column that is not known could stand before the pid's.
  if (!owned && names.length > (extended ? 2 : 0) && names.at(-1) !== 'Timer') return null
  let suspect: string | null = null
  let wide = false

  const read = (line: string): E.Either<string, Listener | null> => {
    const fields = fieldsOf(line)
    const [protocol, received, sent, local, foreign, state] = fields
    if (isOtherProtocol(protocol?.text ?? '') && fields.length >= 5) return E.right(null)
    if (!/^tcp(4|6|46)?$/.test(protocol?.text ?? '') || !isNumber(received) || !isNumber(sent)) {
      return E.left(noSocket('netstat', line))
    }
    if (local === undefined || foreign === undefined || !tcpStates.has(state?.text ?? '')) {
      return E.left(noSocket('netstat', line))
    }
    // -W is seen by an address that is longer than the column.
    wide ||= local.text.length > width || foreign.text.length > width
    if (state?.text !== 'LISTEN') return E.right(null)
    const split = splitAddress(local.text)
    if (split === null) return E.left(noAddress('netstat', line, local.text))
    // An IPv4 address with its port has 21 characters at most.
    if (local.text.length === width && !/^[\d.]+:\d+$/.test(local.text)) suspect ??= maybeCut(excerpt(line))
    const owners = ownersOf(fields.slice(6).map(({ text }) => text))
    return owners === undefined ? E.left(noSocket('netstat', line)) : E.right({ ...split, owners })
  }

  /** Undefined where what follows the state is not as the header says. */
  const ownersOf = (rest: readonly string[]): readonly number[] | null | undefined => {
    if (extended && (rest.length < 2 || !/^\d+$/.test(rest[1] ?? ''))) return undefined
    const program = extended ? rest[2] : rest[0]
    if (!owned) return null
    if (program === '-') return null
    // The pid comes before the name, so that no name can stand in for it.
    const pid = /^(\d{1,10})\//.exec(program ?? '')?.[1]
    return pid === undefined ? undefined : [Number(pid)]
  }

  return { read, doubt: () => (wide ? null : suspect) }
}

const isNumber = (field: Field | undefined): boolean => field !== undefined && /^\d+$/.test(field.text)

const isOtherProtocol = (protocol: string): boolean => /^(udp|udplite|udpl|raw|icm|icmp|sctp|dccp)[46]?$/.test(protocol)
