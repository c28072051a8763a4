/** What a run has really done to services: only that is its own to take back. */
import type { StepId } from '../model/plan.js'

export class Acts {
  readonly #counts = new Map<StepId, number>()

  /** A command was given its go-ahead, or a signal was sent. */
  note(id: StepId): void {
    this.#counts.set(id, this.#count(id) + 1)
  }

  /** The command was not launched after all. */
  takeBack(id: StepId): void {
    this.#counts.set(id, this.#count(id) - 1)
  }

  has(id: StepId): boolean {
    return this.#count(id) > 0
  }

  #count(id: StepId): number {
    return this.#counts.get(id) ?? 0
  }
}
