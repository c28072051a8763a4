/** Which process of this machine is meant: a pid alone may have been given to another one since. */
import { readFile } from 'node:fs/promises'

/** Null where there is no /proc. It is another one after every boot. */
export const bootId = async (): Promise<string | null> =>
  (await textOf('/proc/sys/kernel/random/boot_id'))?.trim() ?? null

/**
 * Null where nothing runs under that pid, or there is no /proc. Field 22 of proc(5)'s stat; the second one, in brackets,
 * may itself hold spaces and brackets. A zombie runs nothing.
 */
export const startTicksOf = async (pid: number): Promise<number | null> => {
  const stat = await textOf(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const ticks = Number(fields[19])
  return fields[0] === 'Z' || fields[0] === 'X' || !Number.isSafeInteger(ticks) ? null : ticks
}

const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)
