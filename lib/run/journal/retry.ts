/** Which hosts of a past run did not come to their end. */
import * as E from 'fp-ts/lib/Either.js'
import { type PastRun, recordsOf } from '../../model/journal.js'
import type { HostName } from '../../model/names.js'
import { isAct, type StepId } from '../../model/plan.js'

/**
 * Those that failed, were out of reach, skipped or rolled back, and those of which it is not known: an act was intended
 * there, or planned, and never concluded. The Left says why it cannot be told.
 */
export const hostsToRetry = (run: PastRun): E.Either<string, readonly HostName[]> => {
  const [opened] = run.records
  if (run.liveness === 'running') return E.left('it is still running')
  const records = recordsOf(run)
  const plan = records.find(({ _tag }) => _tag === 'PlanMade')
  if (opened?._tag !== 'RunOpened' || plan?._tag !== 'PlanMade') {
    return E.left('its journal does not tell what it had to do: run it again')
  }
  const hosts = new Map<StepId, HostName>()
  const awaited = new Map<StepId, number>()
  const begun = new Set<StepId>()
  const bad = new Set<StepId>()
  const names = new Set(plan.plays.map(({ name }) => name))
  const acts = new Set<StepId>()
  // A service that several plays have to do with is concluded in each.
  for (const { id, host } of plan.plays.flatMap(({ steps }) => steps)) {
    hosts.set(id, host)
    awaited.set(id, (awaited.get(id) ?? 0) + 1)
  }
  for (const record of records) {
    if (record._tag === 'PlanMade') {
      for (const { name, steps } of record.plays) {
        // What is made anew has a name of the first plan; else it is a rollback.
        const planned = names.has(name) ? acts : bad
        for (const { id, action } of steps) if (isAct({ _tag: action })) planned.add(id)
      }
    }
    if (record._tag === 'Intended') {
      hosts.set(record.id, record.host)
      begun.add(record.id)
    }
    if (record._tag === 'Concluded') {
      begun.delete(record.id)
      awaited.set(record.id, (awaited.get(record.id) ?? 0) - 1)
      if (record.outcome !== 'ok' && record.outcome !== 'changed') bad.add(record.id)
    }
  }
  const isLost = (id: StepId): boolean => bad.has(id) || begun.has(id) || (acts.has(id) && (awaited.get(id) ?? 0) > 0)
  return E.right([...new Set([...hosts].filter(([id]) => isLost(id)).map(([, host]) => host))])
}
