/** Keeps a run to a saved plan: what the plan does not have is not done, nor anything where a host has moved since. */
import { digestPlay } from '../decide/digest.js'
import { foresee } from '../decide/foresee.js'
import { movedSince, withoutMoved, withoutSkipped } from '../decide/moved.js'
import type { HostName } from '../model/names.js'
import type { Plan, PlannedPlay, StepId } from '../model/plan.js'
import type { ExpandedPlay } from '../model/playbook.js'
import { mapTexts } from '../model/redact.js'
import type { SavedPlay } from '../model/saved-plan.js'

export type Held = Readonly<{
  plays: readonly SavedPlay[]
  /** What the run that this one takes up again has begun. */
  begun: ReadonlySet<StepId>
  /** Takes out of a text what the saved plan does not hold either. */
  hide: (text: string) => string
}>

export class Hold {
  readonly #held: Held | undefined
  /** A host that has moved is left alone to the end of the run. */
  readonly #moved = new Map<HostName, string>()

  constructor(held: Held | undefined) {
    this.#held = held
  }

  /** All plays are compared before the first is narrowed: a host that moved in a later one is left alone in all. */
  plan(plan: Plan, of: readonly ExpandedPlay[]): Plan {
    if (this.#held === undefined) return plan
    for (const [i, play] of plan.plays.entries()) this.#compare(play, i)
    return foresee(of, { plays: plan.plays.map((play, i) => this.#narrow(play, i)) })
  }

  /** The play at `i` of the plan, planned again. */
  play(play: PlannedPlay, i: number): PlannedPlay {
    this.#compare(play, i)
    return this.#narrow(play, i)
  }

  #narrow(play: PlannedPlay, i: number): PlannedPlay {
    const planned = withoutMoved(play, this.#moved)
    return this.#held === undefined ? planned : withoutSkipped(planned, this.#held.plays[i], this.#held.begun)
  }

  #compare(play: PlannedPlay, i: number): void {
    if (this.#held === undefined) return
    const { plays, begun, hide } = this.#held
    const now = mapTexts(digestPlay(play), hide)
    for (const [host, why] of movedSince(plays[i], now, begun)) if (!this.#moved.has(host)) this.#moved.set(host, why)
  }
}
