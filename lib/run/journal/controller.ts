/** Which process runs a journal, and whether it still does. */
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { Controller, Liveness } from '../../model/journal.js'

export const thisController = async (pid: number): Promise<Controller> => ({
  hostname: hostname(),
  pid,
  startTicks: await startTicksOf(pid),
  bootId: await bootId(),
})

/** A pid may have been given to another process since: only with its start and boot is it the same one. */
export const livenessOf = async (controller: Controller): Promise<Liveness> => {
  if (controller.startTicks === null || controller.bootId === null) return 'unknown'
  if (controller.hostname !== hostname()) return 'unknown'
  const boot = await bootId()
  if (boot === null) return 'unknown'
  if (boot !== controller.bootId) return 'gone'
  return (await startTicksOf(controller.pid)) === controller.startTicks ? 'running' : 'gone'
}

const bootId = async (): Promise<string | null> => (await textOf('/proc/sys/kernel/random/boot_id'))?.trim() ?? null

/** Field 22 of proc(5)'s stat; the second one, in brackets, may itself hold spaces and brackets. A zombie runs nothing. */
const startTicksOf = async (pid: number): Promise<number | null> => {
  const stat = await textOf(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const ticks = Number(fields[19])
  return fields[0] === 'Z' || fields[0] === 'X' || !Number.isSafeInteger(ticks) ? null : ticks
}

const textOf = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)
