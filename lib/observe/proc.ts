/** Linux's /proc (proc(5)), printed by grep with the file's name before every record. */
import * as E from 'fp-ts/lib/Either.js'
import { canonicalAddress } from '../model/address.js'
import type { HostText, Listener } from '../model/observation.js'

export type StatRow = Readonly<{ pid: number; ppid: number; state: string; startTicks: number }>

/**
 * `grep -aH ''` over every /proc/PID/stat. A process chooses its own name, which may hold anything, newlines and brackets too:
 * what follows the last bracket is the kernel's. Rows that are not whole belong to processes that ended meanwhile.
 */
export const parseStat = (text: string): ReadonlyMap<number, StatRow> => {
  const byPid = new Map<number, string>()
  for (const line of text.split('\n')) {
    const match = /^\/proc\/(\d+)\/stat:(.*)$/s.exec(line)
    if (match === null) continue
    const pid = Number(match[1])
    byPid.set(pid, `${byPid.get(pid) ?? ''}${match[2]}\n`)
  }
  const rows = new Map<number, StatRow>()
  for (const [pid, stat] of byPid) {
    // Field 3 comes first here, so field n is at n - 3.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 1)
      .trim()
      .split(/\s+/)
    const [state = '', ppid = ''] = fields
    const startTicks = Number(fields[22 - 3])
    if (/^[A-Za-z]$/.test(state) && /^\d+$/.test(ppid) && Number.isSafeInteger(startTicks)) {
      rows.set(pid, { pid, ppid: Number(ppid), state, startTicks })
    }
  }
  return rows
}

/** `grep -azH ''` over every /proc/PID/cmdline: one record an argument, ended by NUL, which no argument can hold. */
export const parseCmdline = (text: string): ReadonlyMap<number, readonly HostText[]> => {
  const byPid = new Map<number, HostText[]>()
  for (const record of text.split('\0')) {
    const match = /^\/proc\/(\d+)\/cmdline:/.exec(record)
    if (match === null) continue
    const pid = Number(match[1])
    const args = byPid.get(pid) ?? []
    args.push(record.slice(match[0].length) as HostText)
    byPid.set(pid, args)
  }
  return byPid
}

/** `grep -aH -e '^Uid:' -e '^NSpid:'` over every /proc/PID/status, each in the order that proc(5) gives. */
export const parseStatus = (text: string): Statuses => {
  const lines = [...text.matchAll(/^\/proc\/(\d+)\/status:(Uid|NSpid):\t([\d\t]+)$/gm)]
  const fields = lines.map(([, pid, key, rest]) => ({ pid: Number(pid), key, numbers: (rest ?? '').split('\t') }))
  return {
    // Real, effective, saved and file system's; `ps` shows the second.
    uids: new Map(fields.flatMap(({ pid, key, numbers }) => (key === 'Uid' ? [[pid, Number(numbers[1])]] : []))),
    // Its pid in this namespace and in each one below it that it is in; kernels before 4.1 do not tell.
    contained: new Set(fields.flatMap(({ pid, key, numbers }) => (key === 'NSpid' && numbers.length > 1 ? [pid] : []))),
  }
}

type Statuses = Readonly<{ uids: ReadonlyMap<number, number>; contained: ReadonlySet<number> }>

/** `cat /proc/net/tcp /proc/net/tcp6`: who holds a socket is not in there. */
export const parseNetTcp = (text: string): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.includes('local_address')) continue
    const match = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line)
    const address = match === null ? null : hexAddress(match[1] ?? '')
    if (match === null || address === null) return E.left('/proc/net/tcp has a line that is no socket')
    if (match[3] === listening) listeners.push({ address, port: Number.parseInt(match[2] ?? '', 16), owners: null })
  }
  return E.right(listeners)
}

/** TCP_LISTEN in the kernel's include/net/tcp_states.h. */
const listening = '0A'

/** Groups of four bytes, each group in the order of the host's processor: little-endian on all that are common. */
const hexAddress = (hex: string): string | null => {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(group => (group.match(/../g) ?? []).reverse())
  if (bytes.length === 4) return canonicalAddress(bytes.map(byte => Number.parseInt(byte, 16)).join('.'))
  return canonicalAddress((bytes.join('').match(/.{4}/g) ?? []).join(':'))
}
