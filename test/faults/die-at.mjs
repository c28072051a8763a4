/** Loaded before steward: it dies by KILL before or after a sync of its journal, the one that STEWARD_DIES_AT counts. */
import { open } from 'node:fs/promises'

const [when, at] = (process.env.STEWARD_DIES_AT ?? '').split(' ')
const file = await open('/dev/null')
const prototype = Object.getPrototypeOf(file)
await file.close()
const { datasync } = prototype
let syncs = 0
prototype.datasync = async function () {
  syncs += 1
  const isTheOne = syncs === Number(at)
  if (isTheOne && when === 'before') process.kill(process.pid, 'SIGKILL')
  await datasync.call(this)
  if (isTheOne) process.kill(process.pid, 'SIGKILL')
}
