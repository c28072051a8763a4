/** `steward runs` and `steward show`: what the journals tell. */
import * as E from 'fp-ts/lib/Either.js'
import { ourJournals } from '../api/here.js'
import { hooksLeftBy } from '../api/hooks-left.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { type JournalError, journalErrorInWords, type PastRun } from '../model/journal.js'
import { toJson } from '../report/json.js'
import { printable } from '../report/printable.js'
import { endOf, outcomeCounts, runStory, runsLines, unknownSteps } from '../report/runs.js'
import { listRuns, readRun } from '../run/journal/history.js'
import { style } from './common.js'
import { fitted } from './window.js'

type Options = Readonly<{ json?: true }>

export const runsCommand = async ({ json, number }: Options & Readonly<{ number: number }>): Promise<ExitCode> => {
  const runs = await listRuns(ourJournals(), number)
  if (E.isLeft(runs)) return refuse(runs.left)
  const read = runs.right.flatMap(run => (E.isRight(run) ? [run.right] : []))
  const unread = runs.right.flatMap(run => (E.isLeft(run) ? [run.left] : []))
  if (json) console.log(toJson(read.map(summaryOf)))
  else if (read.length > 0) console.log(fitted(runsLines(read, style())).join('\n'))
  else console.error('steward: no run yet')
  for (const error of unread) refuse(error)
  return unread.length > 0 ? exitCodes.failed : exitCodes.ok
}

export const showCommand = async (wanted: string, { json }: Options): Promise<ExitCode> => {
  const run = await readRun(ourJournals(), wanted)
  if (E.isLeft(run)) return refuse(run.left)
  const { records, tail } = run.right
  const left = await hooksLeftBy(run.right, ourJournals())
  if (json) console.log(toJson({ ...summaryOf(run.right), hooksLeft: left, records, tail }))
  else console.log(fitted(runStory(run.right, left, style())).join('\n'))
  return exitCodes.ok
}

const summaryOf = (run: PastRun) => {
  const [opened] = run.records
  return {
    runId: run.runId,
    startedAtMs: opened?.atMs ?? null,
    command: opened?._tag === 'RunOpened' ? opened.command : null,
    playbook: opened?._tag === 'RunOpened' ? opened.playbook : null,
    end: endOf(run),
    outcomes: outcomeCounts(run),
    notKnown: unknownSteps(run),
  }
}

/** A run that is not there is a mistake in the input. */
const refuse = (error: JournalError): ExitCode => {
  console.error(printable(`steward: ${journalErrorInWords(error)}`))
  return error._tag === 'NoSuchRun' || error._tag === 'SeveralRuns' ? exitCodes.badInput : exitCodes.failed
}
