/** After a rollout was stopped for its failures: what it had begun in its last batch is stopped, or restarted once. */
import { stepId } from '../model/plan.js'
import type { DesiredService, ExpandedPlay } from '../model/playbook.js'
import type { Rollback } from '../model/rollout.js'
import type { Acts } from './acts.js'
import type { EndedPlay } from './outcome.js'

/** What is to be rolled back of a batch, or null: all that was really acted on there, and allows it. */
export const rollbackOf = (
  how: Rollback,
  { name, desired }: ExpandedPlay,
  { planned, outcomes }: EndedPlay,
  acts: Acts,
  nowMs: number,
): ExpandedPlay | null => {
  const acted = new Set(
    planned.steps.flatMap(({ id, action }) => {
      const outcome = outcomes.get(id)?._tag
      // What a trim keeps it has not begun.
      return acts.has(id) && action._tag !== 'Trim' && (outcome === 'Done' || outcome === 'Failed') ? [id] : []
    }),
  )
  const wish = how === 'stop' ? ({ state: 'stopped' } as const) : ({ state: 'running' } as const)
  const startedAfterMs = how === 'restart' ? nowMs : null
  const back = desired.flatMap(({ service, state }): readonly DesiredService[] =>
    state === 'running' && acted.has(stepId(service)) && service.rollback.includes(how)
      ? [{ service: { ...service, maxUnavailable: null }, hooksDue: [], ...wish, startedAfterMs }]
      : [],
  )
  return back.length === 0 ? null : { name: `Rollback of ${name}: ${how}`, desired: back, prerequisites: [] }
}
