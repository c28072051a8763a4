/** Which process runs a journal, and whether it still does. */
import { hostname } from 'node:os'
import type { Controller, Liveness } from '../../model/journal.js'
import { bootId, startTicksOf } from '../../remote/process-identity.js'

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
