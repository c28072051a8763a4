/** Linux's /proc/net/tcp (proc(5)) and, from /proc/PID/fd, who holds its sockets. */
import * as E from 'fp-ts/lib/Either.js'
import { canonicalAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'
import { excerpt, fieldsOf, isEmpty } from './text.js'

/** Who holds it is told by no more than the inode. */
export type ProcSocket = Readonly<{ address: string; port: number; inode: number }>

/** `cat /proc/net/tcp /proc/net/tcp6`: the sockets that listen. */
export const parseNetTcp = (text: string): E.Either<string, readonly ProcSocket[]> => {
  const sockets: ProcSocket[] = []
  for (const line of text.split('\n')) {
    if (isEmpty(line) || /^ +sl +local_address /.test(line)) continue
    const fields = fieldsOf(line).map(({ text }) => text)
    const [slot = '', local = '', , state = '', , , , , , inode = ''] = fields
    const split = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local)
    // What comes behind the inode shows that it is whole.
    if (
      split === null ||
      !/^\d+:$/.test(slot) ||
      !/^[0-9A-F]{2}$/.test(state) ||
      !/^\d{1,15}$/.test(inode) ||
      fields.length < 12
    ) {
      return E.left(`/proc/net/tcp has a line that is no socket: ${excerpt(line)}`)
    }
    if (state !== listening) continue
    const address = hexAddress(split[1] ?? '')
    if (address !== null) sockets.push({ address, port: Number.parseInt(split[2] ?? '', 16), inode: Number(inode) })
  }
  return E.right(sockets)
}

/** TCP_LISTEN in the kernel's include/net/tcp_states.h. */
const listening = '0A'

/** Groups of four bytes, each group in the order of the host's processor: little-endian on all that are common. */
const hexAddress = (hex: string): string | null => {
  const bytes: string[] = []
  for (let group = 0; group < hex.length; group += 8) {
    for (let at = group + 6; at >= group; at -= 2) bytes.push(hex.slice(at, at + 2))
  }
  if (bytes.length === 4) return canonicalAddress(bytes.map(byte => Number.parseInt(byte, 16)).join('.'))
  return canonicalAddress(bytes.map((byte, i) => (i % 2 === 1 && i < 15 ? `${byte}:` : byte)).join(''))
}

/** The pids that hold a socket, by its inode. */
export type SocketOwners = ReadonlyMap<number, readonly number[]>

/**
 * `ls -lnb` of GNU over every /proc/PID/fd, or `ls -ln` of BusyBox, which shows no newline either. A file's name may
 * hold anything, and with a newline in it whole lines and headings: so -b is needed, and toybox, which has -b but does
 * not heed it in targets, is known by its dates and not believed. Null where any line is not as it must be.
 */
export const parseSocketOwners = (text: string): SocketOwners | null => {
  const owners = new Map<number, number[]>()
  const headings = new Set<number>()
  let pid: number | null = null
  let lastFd = ''
  for (const line of text.split('\n')) {
    if (isEmpty(line) || /^total \d+$/.test(line)) continue
    const heading = /^\/proc\/(\d{1,10})\/fd:$/.exec(line)
    if (heading !== null) {
      pid = Number(heading[1])
      if (headings.has(pid)) return null
      headings.add(pid)
      lastFd = ''
      continue
    }
    const entry = entryForm.exec(line)
    if (entry === null || pid === null || entry[1] === lastFd) return null
    lastFd = entry[1] ?? ''
    const inode = /^socket:\[(\d{1,15})\]$/.exec(entry[2] ?? '')?.[1]
    if (inode !== undefined) {
      const holders = owners.get(Number(inode)) ?? []
      if (holders.at(-1) !== pid) holders.push(pid)
      owners.set(Number(inode), holders)
    }
  }
  return owners
}

/** Mode, links, uid, gid, size, month, day, time or year, descriptor, target; `?` for what ended meanwhile. */
const entryForm =
  /^l[-rwx?]{9}[.+@]? +[\d?]+ +[\d?]+ +[\d?]+ +[\d?]+ +(?:[A-Z][a-z]{2} +\d{1,2} +(?:\d\d:\d\d|\d{4})|\?) +(\d+)(?: -> (.+))?$/s

/** Null owners where they are hidden from whoever looked, or were not looked for (null). */
export const joinOwners = (sockets: readonly ProcSocket[], owners: SocketOwners | null): readonly Listener[] =>
  sockets.map(({ address, port, inode }) => ({ address, port, owners: owners?.get(inode) ?? null }))
