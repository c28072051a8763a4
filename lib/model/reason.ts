/** Why something is so, in words, and what of them may be written down. */

/** `own` is steward's alone: without what is quoted of a host or of another program, which may hold a secret. */
export type Reason = Readonly<{ why: string; own: string }>

/** A template whose texts and plain parts are steward's own. */
export const reason = (texts: TemplateStringsArray, ...parts: readonly (string | number | Reason)[]): Reason =>
  joined(
    texts.flatMap((text, i) => {
      const part = parts[i]
      return [ownReason(text), typeof part === 'object' ? part : ownReason(`${part ?? ''}`)]
    }),
    '',
  )

export const ownReason = (why: string): Reason => ({ why, own: why })

/** `own` stands in its place where it is written down. */
export const quoting = (why: string, own = ''): Reason => ({ why, own })

export const joined = (reasons: readonly Reason[], between: string): Reason => ({
  why: reasons.map(({ why }) => why).join(between),
  own: reasons.map(({ own }) => own).join(between),
})

/** As data: `own` only where it is not the same. */
export const toldReason = ({ why, own }: Reason): Readonly<{ why: string; own?: string }> =>
  own === why ? { why } : { why, own }

export const reasonOfTold = ({ why, own = why }: Readonly<{ why: string; own?: string }>): Reason => ({ why, own })
