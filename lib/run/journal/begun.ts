/** Which steps a run has begun, as far as its journal tells. */
import { type JournalRecord, type PastRun, recordsOf } from '../../model/journal.js'
import type { StepId } from '../../model/plan.js'

/**
 * Of what was intended, what may have been done: where nobody knows any more, it counts as begun. Hooks do not: those before
 * an act are run anew with it.
 */
export const begunIn = (records: readonly JournalRecord[]): readonly StepId[] => {
  const counts = new Map<StepId, number>()
  const add = (id: StepId, one: 1 | -1) => counts.set(id, (counts.get(id) ?? 0) + one)
  for (const record of records) {
    if (record._tag === 'Intended' && record.act._tag !== 'Hook') add(record.id, 1)
    if (record._tag === 'NotBegun') add(record.id, -1)
  }
  return [...counts].flatMap(([id, count]) => (count > 0 ? [id] : []))
}

/** Of a run that was kept to a plan: `before` is what it has written down of the runs that it took up. */
export const begunSoFar = (run: PastRun, before: unknown): readonly StepId[] => [
  ...new Set([...(Array.isArray(before) ? (before as readonly StepId[]) : []), ...begunIn(recordsOf(run))]),
]
