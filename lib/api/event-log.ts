/** Events as they come, kept from the first one on: each reader sees all of them, however late it comes. */

export class EventLog<A> {
  readonly #events: A[] = []
  #ended = false
  #failure: Readonly<{ error: unknown }> | null = null
  #waiting: (() => void)[] = []

  push(event: A): void {
    this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  fail(error: unknown): void {
    this.#failure = { error }
    this.end()
  }

  /** Ends with the log, by throwing what it failed of. */
  async *read(): AsyncGenerator<A, void, undefined> {
    for (let i = 0; ; ) {
      const event = this.#events[i]
      if (i < this.#events.length) {
        i += 1
        yield event as A
      } else if (!this.#ended) await new Promise<void>(resolve => this.#waiting.push(resolve))
      else if (this.#failure !== null) throw this.#failure.error
      else return
    }
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}
