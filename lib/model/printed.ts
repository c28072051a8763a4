/** The end of what a command printed, in whole lines, and how many there were before it. */
import { withoutCutWord } from './cut-text.js'
import type { HostText } from './observation.js'

/** `before`: lines that are left out; what is kept comes after them. */
export type Printed = Readonly<{ output: HostText; before: number }>

/** A `tail` of `mostBytes`, of a text that has so many newlines in all; null where nobody has counted them. */
export const printedOf = (tail: string, mostBytes: number, newlines: number | null): Printed => {
  const kept = withoutCutWord(tail, mostBytes)
  const before = newlines === null ? 0 : Math.max(0, newlines - (kept.split('\n').length - 1))
  const isToldOf = kept === tail || (before > 0 && tail.endsWith(`\n${kept}`))
  return { output: `${isToldOf ? '' : '…'}${kept.trimEnd()}` as HostText, before }
}

/** The last of its lines, below a line that says how many there were before. */
export const lastLines = ({ output, before }: Printed, most = Number.POSITIVE_INFINITY): string => {
  const lines = output.split('\n')
  const left = before + Math.max(0, lines.length - most)
  if (left === 0) return output
  const words = `… ${left.toLocaleString('en-GB')} ${left === 1 ? 'line' : 'lines'} before that`
  return [words, ...lines.slice(-most)].join('\n')
}
