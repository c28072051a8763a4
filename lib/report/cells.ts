/** How many cells of a terminal a text takes: letters of East Asia and emoji take two, marks on other letters none. */

/** Of text that is `printable`. Unicode's annex 11 says which are wide; where it leaves it open, they are narrow. */
export const cellsOf = (text: string): number =>
  ascii.test(text)
    ? text.length
    : [...text.replace(/\p{M}/gu, '')].reduce((cells, letter) => cells + (wide.test(letter) ? 2 : 1), 0)

const ascii = /^[\x20-\x7e]*$/

const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u
