/** Which steps are not even tried: a run does by this what a plan foresees by it. */
import type { HostName } from '../model/names.js'
import { isAct, isIdle, type Step, type StepId } from '../model/plan.js'

export type Skip =
  /** An earlier play has not ended well there. */
  | Readonly<{ _tag: 'LostHost'; host: HostName }>
  /** It comes after this step, which has not ended well. */
  | Readonly<{ _tag: 'After'; id: StepId }>
  /** Nothing new is begun. */
  | Readonly<{ _tag: 'Spent'; why: string }>

export type SkipReasons = Readonly<{
  lostHosts: ReadonlySet<HostName>
  /** Why nothing new is to be begun any more, or null. */
  whySpent: () => string | null
}>

/** What does nothing and comes after nothing: it counts before anything is begun. */
export const isToldFirst = ({ action, after }: Step): boolean => isIdle(action) && after.length === 0

/** `bad`: the first of what it comes after that has not ended well. Null: it is tried, or told if there is nothing to try. */
export const skipOf = (
  { host, action }: Step,
  bad: StepId | undefined,
  { lostHosts, whySpent }: SkipReasons,
): Skip | null => {
  if (lostHosts.has(host)) return { _tag: 'LostHost', host }
  if (bad !== undefined) return { _tag: 'After', id: bad }
  const why = isAct(action) ? whySpent() : null
  return why === null ? null : { _tag: 'Spent', why }
}
