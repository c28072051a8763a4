/** Which hooks are due: made so by one run, and paid by none since. */
import type { AfterMoment } from '../../model/catalog.js'
import { type ConcludedAs, type HooksLeft, type PastRun, recordsOf, type StepDigest } from '../../model/journal.js'
import type { StepId } from '../../model/plan.js'

/** `runs` in any order; only those with these sources of an inventory count, by which a host's name means what it does. */
export const hooksLeft = (runs: readonly PastRun[], inventory: readonly string[]): readonly HooksLeft[] => {
  let left: Left = new Map()
  for (const run of [...runs].sort(byTime).filter(run => isReadFrom(inventory, run))) {
    left = leftAfter(run, left)
    // What is under way may still do it.
    if (run.liveness === 'running') left = new Map([...left].filter(([, { runId }]) => runId !== run.runId))
  }
  return [...left.values()]
}

type Left = Map<StepId, HooksLeft>

const leftAfter = (run: PastRun, leftBefore: Left): Left => {
  const [before, left] = [new Map(leftBefore), new Map(leftBefore)]
  const planned = new Map<StepId, StepDigest>()
  // What is paid is so of earlier runs too: it does not come back where this one launches nothing after all.
  const pay = (id: StepId, moments: readonly AfterMoment[]): void => {
    for (const owed of [before, left]) put(owed, id, without(owed.get(id), moments))
  }
  for (const record of recordsOf(run)) {
    switch (record._tag) {
      case 'PlanMade':
        // The others are only foreseen: each is planned again when it begins.
        for (const step of record.plays[0]?.steps ?? []) planned.set(step.id, step)
        break
      case 'HooksDue': {
        const { id, moments } = record
        put(left, id, moments.length > 0 ? { runId: run.runId, id, moments } : before.get(id))
        break
      }
      case 'HooksDone':
        pay(record.id, [record.moment])
        break
      case 'Concluded':
        pay(record.id, paidBy(record.outcome, planned.get(record.id)))
        break
      case 'RunOpened':
      case 'Intended':
      case 'NotBegun':
      case 'Interrupted':
      case 'RunClosed':
        break
    }
  }
  return left
}

const paidBy = (outcome: ConcludedAs, step: StepDigest | undefined): readonly AfterMoment[] => {
  // A trim neither starts nor stops the service.
  if (outcome === 'changed' && step?.action !== 'Trim') return ['afterStart', 'afterStop']
  // What somebody else has started is not stopped any more.
  return outcome === 'ok' && step?.desired === 'running' ? ['afterStop'] : []
}

const without = (owed: HooksLeft | undefined, paid: readonly AfterMoment[]): HooksLeft | undefined => {
  const moments = owed?.moments.filter(moment => !paid.includes(moment)) ?? []
  return owed === undefined || moments.length === 0 ? undefined : { ...owed, moments }
}

const put = (owed: Left, id: StepId, now: HooksLeft | undefined): void => {
  if (now === undefined) owed.delete(id)
  else owed.set(id, now)
}

const byTime = (a: PastRun, b: PastRun): number => (a.runId < b.runId ? -1 : 1)

const isReadFrom = (sources: readonly string[], { records: [opened] }: PastRun): boolean =>
  opened?._tag === 'RunOpened' &&
  opened.inventory.length === sources.length &&
  sources.every((source, i) => source === opened.inventory[i])
