/** Globs over whole words: `*` stands for any text, `?` for one character, everything else for itself. */

export const isGlob = (text: string): boolean => /[*?]/.test(text)

/** Takes time in proportion to the glob's length times the word's, whatever either holds. */
export const fitsGlob = (glob: string, word: string): boolean => {
  let g = 0
  let w = 0
  let star = -1
  let retry = 0
  while (w < word.length) {
    if (glob[g] === '*') {
      star = g
      retry = w
      g += 1
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === word[w])) {
      g += 1
      w += 1
    } else if (star >= 0) {
      // The last star takes one character more.
      g = star + 1
      retry += 1
      w = retry
    } else {
      return false
    }
  }
  while (glob[g] === '*') g += 1
  return g === glob.length
}
