/** Hooks that earlier runs have left undone, as the journals of this user tell. */
import * as E from 'fp-ts/lib/Either.js'
import type { AfterMoment } from '../model/catalog.js'
import type { HooksLeft, PastRun } from '../model/journal.js'
import type { StepId } from '../model/plan.js'
import type { DesiredService, Expansion } from '../model/playbook.js'
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
  const payable = new Set(plays.flatMap(({ desired }) => desired.flatMap(payableFor)))
  if (payable.size === 0) return []
  const left = hooksLeft(await runsOf(place, since), inventory)
  return left.filter(({ id, moments }) => moments.some(moment => payable.has(`${moment} ${id}`)))
}

/** What is to run may be stopped still: what is due after that stop comes before the start. */
const payableFor = ({ service, state }: DesiredService): readonly `${AfterMoment} ${StepId}`[] =>
  (state === 'running' ? (['afterStop', 'afterStart'] as const) : (['afterStop'] as const))
    .filter(moment => service.hooks[moment].length > 0)
    .map(moment => `${moment} ${service.name}@${service.host}` as const)

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
