/** Which hooks are due: made so by one run, and paid by none since. */
import type { AfterMoment } from '../../model/catalog.js'
import { type HooksLeft, type PastRun, recordsOf } from '../../model/journal.js'
import type { StepId } from '../../model/plan.js'

/** `runs` in any order; only those with these sources of an inventory count, by which a host's name means what it does. */
export const hooksLeft = (runs: readonly PastRun[], inventory: readonly string[]): readonly HooksLeft[] => {
  const left = new Map<StepId, HooksLeft>()
  for (const run of [...runs].sort(byTime).filter(run => isReadFrom(inventory, run))) {
    for (const [id, moments] of dueBy(run)) {
      left.delete(id)
      // What is under way may still do it.
      if (moments.length > 0 && run.liveness !== 'running') left.set(id, { runId: run.runId, id, moments })
    }
  }
  return [...left.values()]
}

/** What a run leaves due of each step that it had to do with; none: all was done. */
const dueBy = (run: PastRun): ReadonlyMap<StepId, readonly AfterMoment[]> => {
  const due = new Map<StepId, readonly AfterMoment[]>()
  for (const record of recordsOf(run)) {
    if (record._tag === 'Concluded' && record.outcome === 'changed') due.set(record.id, [])
    if (record._tag !== 'HooksDue') continue
    if (record.moments.length > 0) due.set(record.id, record.moments)
    else due.delete(record.id)
  }
  return due
}

const byTime = (a: PastRun, b: PastRun): number => (a.runId < b.runId ? -1 : 1)

const isReadFrom = (sources: readonly string[], { records: [opened] }: PastRun): boolean =>
  opened?._tag === 'RunOpened' &&
  opened.inventory.length === sources.length &&
  sources.every((source, i) => source === opened.inventory[i])
