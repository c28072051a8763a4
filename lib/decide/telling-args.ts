/** Which of its arguments tell a process from all others? Ways to try, the best first. */
import type { Process } from '../model/observation.js'

export type Telling = Readonly<{ args: readonly string[]; exe: string | null }>

/** Short runs of telling words before long ones; then all of them; then the program's file too. */
export const tellingArgs = ({ args, exe }: Process): readonly Telling[] => {
  const runs: { start: number; words: readonly string[] }[] = []
  for (let start = 0; start < Math.min(args.length, maxStart); start += 1) {
    for (let length = 1; length <= maxRun && start + length <= args.length; length += 1) {
      const words = args.slice(start, start + length)
      if (words.every(isPlain)) runs.push({ start, words })
    }
  }
  const ranked = runs.map(run => ({ ...run, rank: rankOf(run.words, run.start) })).sort((a, b) => a.rank - b.rank)
  const whole = args.length > 0 && args.every(isPlain) ? [{ args, exe: null }] : []
  const alone = exe !== null && isPlain(exe) ? [{ args: [], exe }] : []
  const both = whole.flatMap(({ args }) => alone.map(({ exe }) => ({ args, exe })))
  return [...ranked.map(({ words }) => ({ args: words, exe: null })), ...whole, ...both, ...alone]
}

const maxStart = 40
const maxRun = 3

/** Can stand in a catalog, and will be the same after a restart as far as its form tells. */
const isPlain = (word: string): boolean =>
  word !== '' && word.length <= 300 && !/[\p{C}\p{Zl}\p{Zp}\uFFFD]|\{\{/u.test(word)

/** A setting that names a folder tells most; a bare word, a number or a flag little. */
const rankOf = (words: readonly string[], start: number): number => {
  const best = Math.min(...words.map(weightOf))
  return best * 10 + (words.length - 1) * 4 + Math.min(start, 9) / 10
}

const weightOf = (word: string): number => {
  if (/^-D(catalina\.base|[a-z.]*(home|base|name))=\//.test(word)) return 0
  if (/^\//.test(word)) return 1
  if (/\//.test(word) || /^[A-Za-z][\w.]*\.[A-Z]\w*$/.test(word)) return 2
  return /^-{0,2}[\w.]{0,3}$|^[\d.:]+$/.test(word) ? 5 : 3
}
