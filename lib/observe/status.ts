/** `grep -aH -e '^State:' -e '^PPid:' -e '^Uid:' -e '^NSpid:' -e '^VmSize:'` over every /proc/PID/status (proc(5)). */

import { recordsByPid } from './proc-records.js'

export type StatusRow = Readonly<{
  ppid: number
  /** The first letter: R, S, D, T, Z and their kin. */
  state: string
  /** The effective one, which `ps` shows too. */
  uid: number
  /** It is in a pid namespace below the one of whoever looks; kernels before 4.1 do not tell. */
  contained: boolean
  /** Without any it is a thread of the kernel's, or on its way out (exit_mm() comes before the state changes). */
  hasMemory: boolean
}>

/**
 * No name can pass for a line: the kernel escapes line breaks in `Name:`. A line without its end was cut; rows that are not
 * whole are left out.
 */
export const parseStatus = (text: string): ReadonlyMap<number, StatusRow> => {
  const rows = new Map<number, StatusRow>()
  for (const [pid, lines] of recordsByPid(text.slice(0, text.lastIndexOf('\n') + 1), 'status', '\n')) {
    const row = rowOf(lines)
    if (row !== null) rows.set(pid, row)
  }
  return rows
}

const rowOf = (lines: readonly string[]): StatusRow | null => {
  const told = (key: string): string | undefined => lines.find(line => line.startsWith(key))?.slice(key.length)
  const state = told('State:\t') ?? ''
  const ppid = told('PPid:\t') ?? ''
  // Real, effective, saved and file system's.
  const uid = told('Uid:\t')?.split('\t', 2)[1] ?? ''
  if (!/^[A-Za-z]( |$)/.test(state) || !isNumber(ppid) || !isNumber(uid)) return null
  return {
    ppid: Number(ppid),
    state: state.slice(0, 1),
    uid: Number(uid),
    // Its pid in this namespace and in each one below it that it is in.
    contained: told('NSpid:\t')?.includes('\t') ?? false,
    hasMemory: told('VmSize:\t') !== undefined,
  }
}

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text)
