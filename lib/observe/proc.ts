/** Linux's /proc (proc(5)), printed by grep with the file's name before every record. */
import type { HostText } from '../model/observation.js'
import { recordsByPid } from './proc-records.js'
import { shared } from './text.js'

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
  const rows = new Map<number, StatRow>()
  for (const [pid, lines] of recordsByPid(text, 'stat', '\n')) {
    const stat = lines.join('\n')
    fields.lastIndex = stat.lastIndexOf(')') + 1
    const [, state = '', ppid, flags, startTicks] = fields.exec(stat) ?? []
    if (state === '') continue
    const isKernel = (Number(flags) & kernelThread) !== 0
    rows.set(pid, { pid, ppid: Number(ppid), state, startTicks: Number(startTicks), isKernel })
  }
  return rows
}

/** The fields 3, 4, 9 and 22 (proc(5)); what comes behind the start shows that it is whole. */
const fields = / *([A-Za-z]) (\d{1,10})(?: \S+){4} (\d+)(?: \S+){12} (\d{1,15}) \S/y

/** PF_KTHREAD in the kernel's include/linux/sched.h. */
const kernelThread = 0x00200000

/** `grep -azH ''` over every /proc/PID/cmdline: one record an argument, ended by NUL, which no argument can hold. */
export const parseCmdline = (text: string): ReadonlyMap<number, readonly HostText[]> => {
  const byPid = new Map<number, readonly HostText[]>()
  for (const [pid, args] of recordsByPid(text, 'cmdline', '\0'))
    byPid.set(
      pid,
      args.map(arg => shared(arg as HostText)),
    )
  return byPid
}
