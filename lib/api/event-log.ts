/** Events as they come, kept from the first one on: each reader sees all of them, however late it comes. */

export class EventLog<A> {
  readonly #events: A[] = []
  #ended = false
  #error: unknown = null
  #waiting: (() => void)[] = []

  push(event: A): void {
    this.#events.push(event)
    this.#wake()
  }

  end(error: unknown = null): void {
    this.#ended = true
    this.#error = error
    this.#wake()
  }

  /** Ends with the log, by throwing its error if it has one. */
  async *read(): AsyncGenerator<A, void, undefined> {
    for (let i = 0; ; ) {
      const event = this.#events[i]
      if (i < this.#events.length) {
        i += 1
        yield event as A
      } else if (!this.#ended) await new Promise<void>(resolve => this.#waiting.push(resolve))
      else if (this.#error !== null) throw this.#error
      else return
    }
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}
