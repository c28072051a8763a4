/** Text that is shown to nobody by accident: whatever prints, logs or serialises it gets a word instead. */

const secretMark = '[secret]'

/** Only who asks for it by `reveal` gets the text. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** For whoever hands it on to where it belongs; the result must not be kept. */
  reveal(): string {
    return this.#text
  }

  /** A word in its place. */
  toString(): string {
    return secretMark
  }

  /** The same word. */
  toJSON(): string {
    return secretMark
  }

  /** Of Node's `util.inspect`, which console.log uses. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return secretMark
  }
}
