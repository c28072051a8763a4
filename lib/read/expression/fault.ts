/** Why an expression cannot be read, and where in its text; it never leaves this folder. */
export class ExpressionFault extends Error {
  readonly offset: number
  /** Where a word is not known: what kind of word, and which there are. */
  readonly known: Readonly<{ what: string; word: string; names: readonly string[] }> | null

  constructor(offset: number, reason: string, known: ExpressionFault['known'] = null) {
    super(reason)
    this.offset = offset
    this.known = known
  }
}
