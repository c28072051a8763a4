/** The commands that take up what was written down: a run that did not come to its end, a plan that was saved. */
import * as E from 'fp-ts/lib/Either.js'
import { ourJournals } from '../api/here.js'
import type { ExitCode } from '../model/exit-code.js'
import { journalErrorInWords, type RunOptions } from '../model/journal.js'
import { listRuns, readRun } from '../run/journal/history.js'
import { howToResume } from '../run/journal/resume.js'
import { accessFromJournal } from './access.js'
import { becomeFromJournal } from './become-options.js'
import { type Origin, runCommand } from './commands.js'
import { type ActOptions, type PlanOptions, refuse } from './common.js'
import type { EventFileOptions } from './event-files.js'
import type { PasswordOptions } from './password-file.js'
import { reachFromJournal } from './reach-options.js'
import { rolloutFromJournal } from './rollout-options.js'
import { applyingFromJournal, openPlan } from './saved-plan.js'
import { desireCommand, desireFromJournal } from './service-commands.js'
import { tagsFromJournal } from './tag-options.js'
import { vaultFromJournal } from './vault-keys.js'

/** What this call says itself; all else is as it was written down. */
type GivenAgain = Pick<
  ActOptions,
  'shipped' | 'json' | 'verbose' | 'plan' | 'yes' | 'step' | 'defaults' | 'configured' | keyof PasswordOptions
> &
  PlanOptions &
  EventFileOptions &
  Readonly<{ lockTimeout?: number }>

/** The same command and options again: what is as it should be by now is left alone. */
export const resumeCommand = async (wanted: string, given: GivenAgain): Promise<ExitCode> => {
  const run = await readRun(ourJournals(), wanted)
  if (E.isLeft(run)) return refuse([{ _tag: 'BadUsage', reason: journalErrorInWords(run.left) }], given)
  const how = howToResume(run.right)
  const { runId } = run.right
  if (E.isLeft(how)) {
    const other = wanted === 'last' ? await lastToResume() : null
    const instead = other === null ? '' : `; the last that can be is ${other}`
    return refuse([{ _tag: 'BadUsage', reason: `${runId} cannot be resumed: ${how.left}${instead}` }], given)
  }
  const applies = applyingFromJournal(run.right, how.right.more)
  if (E.isLeft(applies)) return refuse(applies.left, given)
  return runAgain(how.right, given, { resumes: how.right, applies: applies.right })
}

/** What the plan in a file has, and nothing else; where a host has moved since, nothing. */
export const applyCommand = async (file: string, given: GivenAgain): Promise<ExitCode> => {
  const applies = openPlan(file)
  if (E.isLeft(applies)) return refuse(applies.left, given)
  return runAgain(applies.right.plan.options, given, { resumes: null, applies: applies.right })
}

const runAgain = (
  { playbook, inventory, limit, forks, catalogs, more }: RunOptions,
  { askPass, connectionPasswordFile, askBecomePass, becomePasswordFile, ...given }: GivenAgain,
  origin: Origin,
): Promise<ExitCode> => {
  const options: ActOptions = {
    ...given,
    inventory,
    forks,
    maxAnswer: Number(more['max-answer'] ?? 8),
    lockTimeout: given.lockTimeout ?? Number(more['lock-timeout'] ?? 60),
    ...reachFromJournal(more),
    // Whether a password is asked for or read is in the journal, and not as ansible.cfg says by now.
    ...accessFromJournal(more),
    ...becomeFromJournal(more),
    ...rolloutFromJournal(more),
    ...(typeof more['playbook-dir'] === 'string' ? { playbookDir: more['playbook-dir'] } : {}),
    ...vaultFromJournal(more),
    ...(Array.isArray(more['extra-vars']) ? { extraVars: more['extra-vars'] } : {}),
    ...(more['stop-survivors'] === true ? { stopSurvivors: true } : {}),
    ...(limit === null ? {} : { limit }),
    ...(Array.isArray(more['only']) ? { only: more['only'] } : {}),
  }
  if (playbook !== null) return runCommand(playbook, { ...options, ...tagsFromJournal(more) }, origin)
  const services = Array.isArray(more['services']) ? (more['services'] as readonly string[]) : []
  return desireCommand(services, desireFromJournal(more), { ...options, catalog: catalogs }, origin)
}

/** Not taken unasked: what came after it may have been meant to undo it. */
const lastToResume = async (): Promise<string | null> => {
  const runs = await listRuns(ourJournals(), 50)
  const found = E.isRight(runs)
    ? runs.right.find(run => E.isRight(run) && E.isRight(howToResume(run.right)))
    : undefined
  return found !== undefined && E.isRight(found) ? found.right.runId : null
}
