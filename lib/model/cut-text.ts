/** Parts of a longer text: what is cut in the middle of a word may be a part of a secret. */

/**
 * What comes after the first line break, else the first blank, of a `tail` of `mostBytes`: of a secret that was cut nobody
 * would know that it was one. What is shorter is whole.
 */
export const withoutCutWord = (tail: string, mostBytes: number): string => {
  // A line break at its end may have been lost on the way.
  if (new TextEncoder().encode(tail).length < mostBytes - 1) return tail
  const [, afterBreak = ''] = /^[^\n]*\n([\s\S]*)$/.exec(tail) ?? []
  return afterBreak === '' ? (/^\S*\s([\s\S]*)$/.exec(tail)?.[1] ?? '') : afterBreak
}

/** Up to `most` letters of a text, ending with a whole word for the same reason; only of its first word there may be a part. */
export const startOf = (text: string, most: number): string => {
  if (text.length <= most) return text
  const end = text.slice(0, most).search(/\s\S*$/)
  return `${text.slice(0, end > 0 ? end : most - 1)}…`
}
