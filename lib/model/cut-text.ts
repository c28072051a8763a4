/** The end of a longer text: it may begin in the middle of a word. */

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
