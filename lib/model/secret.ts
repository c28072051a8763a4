/** A text that must not be seen: wherever it would be printed it says only that it is hidden. */
class HiddenText {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  static textOf(secret: HiddenText): string {
    return secret.#text
  }

  toString(): string {
    return '[hidden]'
  }

  toJSON(): string {
    return '[hidden]'
  }

  /** What Node prints of it, in an error too. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[hidden]'
  }
}

export type Secret = HiddenText

export const secretOf = (text: string): Secret => new HiddenText(text)

/** For the one place that has to hand it on; nothing keeps what this returns. */
export const reveal = (secret: Secret): string => HiddenText.textOf(secret)
