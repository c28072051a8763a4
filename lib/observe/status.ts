/** `grep -aH -e '^State:' -e '^PPid:' -e '^Uid:' -e '^NSpid:'` over every /proc/PID/status (proc(5)). */

export type StatusRow = Readonly<{
  ppid: number
  /** The first letter: R, S, D, T, Z and their kin. */
  state: string
  /** The effective one, which `ps` shows too. */
  uid: number
  /** It is in a pid namespace below the one of whoever looks; kernels before 4.1 do not tell. */
  contained: boolean
}>

/**
 * No name can pass for a line: the kernel escapes line breaks in `Name:`. A line without its end was cut; rows that are not
 * whole are left out.
 */
export const parseStatus = (text: string): ReadonlyMap<number, StatusRow> => {
  const fields = new Map<number, Map<string, string>>()
  for (const [, pid, key = '', value = ''] of text.matchAll(/^\/proc\/(\d{1,10})\/status:(\w+):\t([^\n]*)\n/gm)) {
    const known = fields.get(Number(pid)) ?? new Map<string, string>()
    known.set(key, value)
    fields.set(Number(pid), known)
  }
  const rows = new Map<number, StatusRow>()
  for (const [pid, known] of fields) {
    const [state = '', ppid = ''] = [known.get('State')?.slice(0, 1), known.get('PPid')]
    // Real, effective, saved and file system's.
    const uid = known.get('Uid')?.split('\t')[1] ?? ''
    if (!/^[A-Za-z]$/.test(state) || !isNumber(ppid) || !isNumber(uid)) continue
    // Its pid in this namespace and in each one below it that it is in.
    const contained = (known.get('NSpid') ?? '').includes('\t')
    rows.set(pid, { ppid: Number(ppid), state, uid: Number(uid), contained })
  }
  return rows
}

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text)
