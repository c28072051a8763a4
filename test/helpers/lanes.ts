/** Test files in several processes side by side: most of them wait more than they work. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export type Total = Readonly<{ passed: number; failed: number; skipped: number }>

/** The words by which a process picks its files. */
type Lane = readonly string[]

/** They count what runs or listens on this machine, where the sshd of other tests would come and go. */
const machine = ['estate/this-machine', 'estate/looking']

/** They are on hosts of their own, and mostly wait. */
const reaching = ['faults/ssh', 'faults/re', 'become/']
const acting = ['faults/', 'act/', 'estate/four-machines']

/** They look for what a lab leaves on the machine: no other may come up meanwhile. */
const labs = ['lab/']

/** They work alone on text and data, and fit beside what mostly waits. */
const quiet = [
  ...['decide/', 'read/', 'report/', 'model/', 'run/', 'api/library', 'project', 'package'],
  ...['cli/inventory', 'cli/vault', 'cli/lint', 'cli/settings', 'cli/help', 'cli/screen'],
]

const not = (words: Lane): Lane => words.map(word => `-${word}`)

/** The lanes of one group run at once, the groups one after the other. */
const groups: readonly (readonly Lane[])[] = [
  [reaching, [...acting, ...not(reaching)], not([...reaching, ...acting, ...machine, ...labs, ...quiet])],
  [machine, labs, quiet],
]

/** `main` is the module that runs the files of one lane. What a lane prints is shown when it ends. */
export const runLanes = async (main: string): Promise<Total> => {
  const totals: Total[] = []
  for (const group of groups) totals.push(...(await Promise.all(group.map(lane => runLane(main, lane)))))
  return {
    passed: sumOf(totals.map(({ passed }) => passed)),
    failed: sumOf(totals.map(({ failed }) => failed)),
    skipped: sumOf(totals.map(({ skipped }) => skipped)),
  }
}

/** A lane that ends before it has told its total is a failure. */
const runLane = async (main: string, lane: Lane): Promise<Total> => {
  const child = fork(main, lane, { silent: true })
  let total: Total | null = null
  child.on('message', message => {
    total = message as Total
  })
  const [printed, complaints, [code, signal]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ])
  process.stdout.write(printed)
  process.stderr.write(complaints)
  if (total !== null) return total
  console.log(`the tests of ${lane.join(' ')} ended early, with ${signal ?? code}`)
  return { passed: 0, failed: 1, skipped: 0 }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
