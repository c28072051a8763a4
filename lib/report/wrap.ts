/** Long lines broken between words, for a terminal. */
import { cellsOf } from './cells.js'

/**
 * What follows hangs below the last column that leaves it half of the width, else four blanks further in than the line.
 * A word wider than all that stays whole, so that it can be copied.
 */
export const wrapped = (line: string, width: number): readonly string[] => {
  const plain = withoutColour(line)
  if (cellsOf(plain) <= width) return [line]
  const indent = ' '.repeat(hangOf(plain, width))
  const lines: string[] = []
  let current = ''
  // Blanks at the end would be looked at once for each of them.
  for (const [, blanks = '', next = ''] of line.trimEnd().matchAll(word)) {
    const longer = current + blanks + next
    const isFirst = withoutColour(current).trim() === ''
    if (isFirst || cellsOf(withoutColour(longer)) <= width) current = longer
    else {
      lines.push(current)
      current = indent + next
    }
  }
  return [...lines, current]
}

const hangOf = (plain: string, width: number): number => {
  const indent = plain.length - plain.trimStart().length
  const columns = [...plain.matchAll(/(?<=\S) {2,}(?=\S)/g)].map(({ 0: { length }, index }) => index + length)
  return columns.findLast(column => column <= width / 2) ?? Math.min(indent + 4, Math.floor(width / 2))
}

const esc = String.fromCharCode(27)
const colour = new RegExp(`${esc}\\[[\\d;]*m`, 'g')
/** With the blanks before it; a number keeps its unit. */
const word = new RegExp(`( *)((?:${colour.source})*\\(?\\d[\\d.]* (?:s|min|h)(?![a-z])[^ ]*|[^ ]+)`, 'g')
const withoutColour = (text: string): string => text.replace(colour, '')
