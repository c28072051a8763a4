/** Linux's /proc (proc(5)), printed by grep with the file's name before every record. */
import type { HostText } from '../model/observation.js'
import { detached } from './text.js'

export type StatRow = Readonly<{
  pid: number
  ppid: number
  state: string
  startTicks: number
  /** A thread of the kernel's own (PF_KTHREAD), which no program is behind. */
  isKernel: boolean
}>

/**
 * `grep -aH ''` over every /proc/PID/stat. A process chooses its own name, which may hold anything, newlines and brackets too:
 * what follows the last bracket is the kernel's. Rows that are not whole belong to processes that ended meanwhile.
 */
export const parseStat = (text: string): ReadonlyMap<number, StatRow> => {
  const byPid = new Map<number, string>()
  for (const line of text.split('\n')) {
    const match = /^\/proc\/(\d{1,10})\/stat:/.exec(line)
    if (match === null) continue
    const pid = Number(match[1])
    byPid.set(pid, `${byPid.get(pid) ?? ''}${line.slice(match[0].length)}\n`)
  }
  const rows = new Map<number, StatRow>()
  for (const [pid, stat] of byPid) {
    // Field 3 comes first here, so field n is at n - 3.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 1)
      .trim()
      .split(' ', 23 - 3 + 1)
    const [state = '', ppid = ''] = fields
    const flags = Number(fields[9 - 3])
    const startTicks = fields[22 - 3] ?? ''
    // What comes behind the start shows that it is whole.
    const isWhole = fields.length > 23 - 3 && /^\d{1,15}$/.test(startTicks)
    if (isWhole && /^[A-Za-z]$/.test(state) && /^\d{1,10}$/.test(ppid)) {
      const isKernel = (flags & kernelThread) !== 0
      rows.set(pid, { pid, ppid: Number(ppid), state, startTicks: Number(startTicks), isKernel })
    }
  }
  return rows
}

/** PF_KTHREAD in the kernel's include/linux/sched.h. */
const kernelThread = 0x00200000

/** `grep -azH ''` over every /proc/PID/cmdline: one record an argument, ended by NUL, which no argument can hold. */
export const parseCmdline = (text: string): ReadonlyMap<number, readonly HostText[]> => {
  const byPid = new Map<number, HostText[]>()
  for (const record of text.split('\0')) {
    const match = /^\/proc\/(\d{1,10})\/cmdline:/.exec(record)
    if (match === null) continue
    const pid = Number(match[1])
    const args = byPid.get(pid) ?? []
    args.push(detached(record.slice(match[0].length) as HostText))
    byPid.set(pid, args)
  }
  return byPid
}
