/** `grep -aH -e '^State:' -e '^PPid:' -e '^Uid:' -e '^NSpid:' -e '^VmSize:'` over every /proc/PID/status (proc(5)). */

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
  let pid = ''
  let known: Record<string, string> = {}
  const keep = () => {
    const row = rowOf(known)
    if (row !== null) rows.set(Number(pid), row)
  }
  // The lines of one process stand together.
  for (const line of text.split('\n').slice(0, -1)) {
    const match = form.exec(line)
    if (match === null) continue
    const [, of = '', key = '', value = ''] = match
    if (of !== pid) {
      keep()
      pid = of
      known = {}
    }
    known[key] = value
  }
  keep()
  return rows
}

const form = /^\/proc\/(\d{1,10})\/status:(State|PPid|Uid|NSpid|VmSize):\t(.*)$/

const rowOf = ({ State = '', PPid = '', Uid = '', NSpid = '', VmSize }: Record<string, string>): StatusRow | null => {
  // Real, effective, saved and file system's.
  const uid = Uid.split('\t', 2)[1] ?? ''
  if (!/^[A-Za-z]( |$)/.test(State) || !isNumber(PPid) || !isNumber(uid)) return null
  // Its pid in this namespace and in each one below it that it is in.
  return {
    ppid: Number(PPid),
    state: State.slice(0, 1),
    uid: Number(uid),
    contained: NSpid.includes('\t'),
    hasMemory: VmSize !== undefined,
  }
}

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text)
