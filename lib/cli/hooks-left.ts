/** Hooks that earlier runs have left undone, as the journals of this user tell. */
import * as E from 'fp-ts/lib/Either.js'
import type { HooksLeft, PastRun } from '../model/journal.js'
import type { StepId } from '../model/plan.js'
import type { Expansion } from '../model/playbook.js'
import type { JournalPlace } from '../run/journal/folder.js'
import { listRuns } from '../run/journal/history.js'
import { hooksLeft } from '../run/journal/hooks-left.js'

/** Journals are read whole: enough of them to tell of all that is still of interest. */
const runsRead = 50

/** Of what this expansion wants so, with this inventory; `since`: a run that has to be among those that are read. */
export const hooksLeftOf = async (
  { plays }: Expansion,
  inventory: readonly string[],
  place: JournalPlace,
  since: string | null = null,
): Promise<readonly HooksLeft[]> => {
  const after = new Map<StepId, 'afterStart' | 'afterStop'>()
  for (const { service, state } of plays.flatMap(({ desired }) => desired)) {
    const moment = state === 'running' ? 'afterStart' : 'afterStop'
    if (service.hooks[moment].length > 0) after.set(`${service.name}@${service.host}`, moment)
  }
  if (after.size === 0) return []
  const left = hooksLeft(await runsOf(place, since), inventory)
  return left.filter(({ id, moments }) => moments.some(moment => moment === after.get(id)))
}

/** Of this run, what no later one has done. */
export const hooksLeftBy = async (run: PastRun, place: JournalPlace): Promise<readonly HooksLeft[]> => {
  const [opened] = run.records
  if (opened?._tag !== 'RunOpened') return []
  return hooksLeft(await runsOf(place, run.runId), opened.inventory).filter(({ runId }) => runId === run.runId)
}

const runsOf = async (place: JournalPlace, since: string | null): Promise<readonly PastRun[]> => {
  const runs = await listRuns(place, runsRead, since)
  return E.isLeft(runs) ? [] : runs.right.flatMap(run => (E.isRight(run) ? [run.right] : []))
}
