/** What a run would skip, as far as it can be known before: what follows from the steps that cannot be done. */
import type { HostName } from '../model/names.js'
import type { Plan, PlannedPlay, Step, StepId } from '../model/plan.js'
import type { ExpandedPlay, PlayPart } from '../model/playbook.js'
import { Losses, whyNoCanary } from './losses.js'
import { isToldFirst, type Skip, type SkipReasons, skipOf } from './skip.js'

/** Of a plan some steps of which have become others; `plays`: what it was made of. */
export const foresee = (plays: readonly ExpandedPlay[], plan: Plan): Plan => {
  const foresight = new Foresight()
  return {
    plays: plan.plays.map((planned, i) => {
      const play = plays[i]
      return play === undefined ? planned : foresight.see(play, planned)
    }),
  }
}

/** Keeps count of what goes wrong as a run does, play by play in their order. */
export class Foresight {
  /** Steps so far that would not end well, and why not; a later play leaves their hosts alone anyway. */
  readonly #bad = new Map<StepId, string>()
  readonly #lostHosts = new Set<HostName>()
  #losses = new Losses()
  #whyStopped: string | null = null

  see({ part }: ExpandedPlay, planned: PlannedPlay): PlannedPlay {
    if (part === undefined || part.batch.number === 1) this.#losses = new Losses()
    this.#losses.beginBatch()
    if (this.#lostHosts.size === 0 && this.#whyStopped === null && !planned.steps.some(isHeld)) return planned
    const skips = this.#skipsOf(planned.steps, part)
    if (part !== undefined && this.#whyStopped === null) this.#endBatch(part)
    for (const { id, host } of planned.steps) if (this.#bad.has(id)) this.#lostHosts.add(host)
    return { ...planned, steps: planned.steps.map(step => withSkip(step, skips.get(step.id))) }
  }

  #skipsOf(steps: readonly Step[], part: PlayPart | undefined): ReadonlyMap<StepId, string> {
    const reasons: SkipReasons = {
      lostHosts: this.#lostHosts,
      whySpent: () => this.#whyStopped ?? (part === undefined ? null : this.#losses.whySpent(part)),
    }
    const skips = new Map<StepId, string>()
    // One list for all that come after the same, and all of it stands before them.
    const firstBad = new Map<Step['after'], StepId | undefined>()
    const take = (step: Step): void => {
      const { id, host, action, after } = step
      if (!firstBad.has(after))
        firstBad.set(
          after,
          after.find(before => this.#bad.has(before)),
        )
      const skip = skipOf(step, firstBad.get(after), reasons)
      if (skip !== null) {
        skips.set(id, this.#inWords(skip))
        this.#bad.set(id, 'would be skipped')
      } else if (isHeld(step)) {
        this.#losses.note(host, { _tag: action._tag === 'Unreachable' ? 'Unreachable' : 'Failed' })
        this.#bad.set(id, 'cannot be done')
      }
    }
    for (const step of steps) if (isToldFirst(step)) take(step)
    for (const step of steps) if (!isToldFirst(step)) take(step)
    return skips
  }

  #endBatch(part: PlayPart): void {
    const why = this.#losses.whySpent(part) ?? whyNoCanary(part, this.#lostHosts) ?? this.#losses.whyEnd(part)
    if (why !== null) this.#whyStopped = `the rollout would be stopped: ${why}`
  }

  #inWords(skip: Skip): string {
    switch (skip._tag) {
      case 'LostHost':
        return `an earlier play would fail on ${skip.host}`
      case 'After':
        return `it comes after ${skip.id}, which ${this.#bad.get(skip.id)}`
      case 'Spent':
        return skip.why
    }
  }
}

const isHeld = ({ action }: Step): boolean => action._tag === 'Refuse' || action._tag === 'Unreachable'

const withSkip = (step: Step, skipped: string | undefined): Step => {
  if (step.skipped === skipped) return step
  const { skipped: _, ...rest } = step
  return skipped === undefined ? rest : { ...rest, skipped }
}
