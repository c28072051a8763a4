/** The commands that act, and the one that says what they would do. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { type InputFile, journalErrorInWords, type RunOptions } from '../model/journal.js'
import type { Plan, StepId } from '../model/plan.js'
import { diskFiles } from '../read/files.js'
import { toJson } from '../report/json.js'
import { planLines } from '../report/plan.js'
import { printable } from '../report/printable.js'
import { systemClock } from '../run/clock.js'
import { readRun as readPastRun } from '../run/journal/history.js'
import { changedInputs, howToResume, type ResumeOptions } from '../run/journal/resume.js'
import { openJournal } from '../run/journal/store.js'
import { planRun, runPlaybook } from '../run/run.js'
import { type CommonOptions, contextFor, refuse, style, versionOf } from './common.js'
import { readRun } from './input.js'
import { interruption } from './interruption.js'
import { ourJournals } from './journal-commands.js'
import { rememberInputs } from './remember-inputs.js'
import { jsonScreen, silentScreen, textScreen } from './screen.js'

/** `resumes`: the run that this one takes up again. */
export const runCommand = async (
  playbook: string,
  options: CommonOptions,
  resumes: ResumeOptions | null = null,
): Promise<ExitCode> => {
  const { files, inputs } = rememberInputs(diskFiles)
  const expansion = readRun(playbook, { ...options, files })
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const journal = await openJournal(ourJournals(), {
    version: versionOf(options),
    pid: process.pid,
    resumes: resumes?.runId ?? null,
    options: asJournalled(playbook, options, inputs()),
    secrets: [],
    now: systemClock.now,
  })
  if (E.isLeft(journal)) {
    console.error(
      printable(`steward: nothing was done, as the run cannot be written down: ${journalErrorInWords(journal.left)}`),
    )
    return exitCodes.failed
  }
  const screen = options.json ? jsonScreen() : textScreen(style(), isLive())
  for (const change of changedInputs(resumes?.inputs ?? inputs(), inputs()))
    screen.say(printable(`steward: since then, ${change}`))
  const interrupted = interruption(
    () => screen.say('steward: finishing what is under way and starting nothing more; once more leaves at once'),
    () => {
      const left = screen.underWay()
      screen.close()
      console.error(leftBehind(left))
    },
  )
  try {
    const context = contextFor(options, screen, interrupted.signal)
    const exitCode = await runPlaybook(expansion.right, playbook, { ...context, journal: journal.right })
    if (exitCode !== exitCodes.ok) screen.say(`steward: to take it up again: steward resume ${journal.right.runId}`)
    return exitCode
  } finally {
    screen.close()
    interrupted.stop()
    await journal.right.close()
  }
}

/** The same playbook and options again: what is as it should be by now is left alone. */
export const resumeCommand = async (
  wanted: string,
  given: Pick<CommonOptions, 'shipped' | 'json'>,
): Promise<ExitCode> => {
  const run = await readPastRun(ourJournals(), wanted)
  if (E.isLeft(run)) return refuse([{ _tag: 'BadUsage', reason: journalErrorInWords(run.left) }], given)
  const how = howToResume(run.right)
  if (E.isLeft(how))
    return refuse([{ _tag: 'BadUsage', reason: `${run.right.runId} cannot be resumed: ${how.left}` }], given)
  const { playbook, inventory, limit, forks, more } = how.right
  if (playbook === null)
    return refuse([{ _tag: 'BadUsage', reason: `${run.right.runId} was not the run of a playbook` }], given)
  const maxAnswer = Number(more['max-answer'] ?? 8)
  const options = { ...given, inventory, forks, maxAnswer, ...(limit === null ? {} : { limit }) }
  return runCommand(playbook, options, how.right)
}

const asJournalled = (playbook: string, options: CommonOptions, inputs: readonly InputFile[]): RunOptions => ({
  command: 'run',
  playbook: resolve(playbook),
  inventory: resolve(options.inventory),
  limit: options.limit ?? null,
  catalogs: [],
  forks: options.forks,
  more: { 'max-answer': options.maxAnswer },
  inputs,
})

/** What was launched goes on by itself on its host. */
const leftBehind = (underWay: readonly StepId[]): string =>
  underWay.length === 0
    ? 'steward: left at once; nothing was under way'
    : printable(`steward: left at once; what became of ${underWay.join(', ')} is not known: look with steward status`)

export const planCommand = async (playbook: string, options: CommonOptions): Promise<ExitCode> => {
  const expansion = readRun(playbook, options)
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const plan = await planRun(expansion.right, contextFor(options, silentScreen))
  console.log(options.json ? toJson(plan) : planLines(plan, style()).join('\n'))
  return exitCodeOfPlan(plan)
}

const exitCodeOfPlan = (plan: Plan): ExitCode => {
  const actions = plan.plays.flatMap(({ steps }) => steps.map(({ action }) => action._tag))
  if (actions.includes('Unreachable')) return exitCodes.unreachable
  return actions.includes('Refuse') ? exitCodes.failed : exitCodes.ok
}

const isLive = (): boolean => process.stdout.isTTY === true && process.env['CI'] === undefined
