/** The commands that act, and the one that says what they would do. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { journalErrorInWords, type RunOptions } from '../model/journal.js'
import type { Expansion } from '../model/playbook.js'
import { toJson } from '../report/json.js'
import { listLines, listPlays } from '../report/lists.js'
import { listRuns, readRun as readPastRun } from '../run/journal/history.js'
import { howToResume } from '../run/journal/resume.js'
import { accessFromJournal } from './access.js'
import { becomeFromJournal } from './become-options.js'
import { type ActOptions, type CommonOptions, type PlanOptions, refuse, type TagOptions } from './common.js'
import { conduct, type Undertaking } from './conduct.js'
import { readRestart, readRun } from './input.js'
import { ourJournals } from './journal-commands.js'
import type { PasswordOptions } from './password-file.js'
import { reachFromJournal } from './reach-options.js'
import { rememberInputs } from './remember-inputs.js'
import { retrying } from './retry.js'
import { rolloutFromJournal } from './rollout-options.js'
import { applyingFromJournal, openPlan } from './saved-plan.js'
import { filesWithVault, vaultFromJournal } from './vault-keys.js'

/** What `--list-…` and `--syntax-check` ask for; nothing is connected to. */
type ListOptions = Readonly<{ listHosts?: true; listSteps?: true; listTags?: true; syntaxCheck?: true }>

const isListing = (options: ListOptions): boolean =>
  Boolean(options.listHosts || options.listSteps || options.listTags || options.syntaxCheck)

const list = (playbook: string, expansion: Expansion, options: ListOptions & Pick<CommonOptions, 'json'>): ExitCode => {
  const { listHosts: hosts = false, listSteps: steps = false, listTags: tags = false } = options
  const plays = listPlays(expansion, { hosts, steps, tags })
  if (options.json) console.log(toJson({ playbook, plays }))
  else if (hosts || steps || tags) console.log(listLines(plays).join('\n'))
  else console.log(`${playbook}: nothing is wrong with it`)
  return exitCodes.ok
}

export const runCommand = async (
  playbook: string,
  given: ActOptions & TagOptions & ListOptions,
  origin: Origin = ofItsOwn,
): Promise<ExitCode> => {
  const retried = await retrying(given, resolve(playbook))
  if (E.isLeft(retried)) return retried.left
  const options = retried.right
  const disk = await filesWithVault(options)
  if (E.isLeft(disk)) return refuse(disk.left, options)
  const { files, inputs } = rememberInputs(disk.right)
  const expansion = readRun(playbook, { ...options, files })
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  if (isListing(options)) return list(playbook, expansion.right, options)
  const command = commandOf('run', origin)
  const again = { command, playbook: resolve(playbook), catalogs: [], more: tagsAsJournalled(options) }
  return conduct({ expansion: expansion.right, title: playbook, again, inputs: inputs(), ...origin }, options)
}

const tagsAsJournalled = ({ tags, skipTags, startAt }: TagOptions) => ({
  ...(startAt === undefined ? {} : { 'start-at': startAt }),
  ...(tags === undefined ? {} : { tags }),
  ...(skipTags === undefined ? {} : { 'skip-tags': skipTags }),
})

const tagsFromJournal = (more: Readonly<Record<string, unknown>>): TagOptions => ({
  ...(typeof more['start-at'] === 'string' ? { startAt: more['start-at'] } : {}),
  ...(Array.isArray(more['tags']) ? { tags: more['tags'] } : {}),
  ...(Array.isArray(more['skip-tags']) ? { skipTags: more['skip-tags'] } : {}),
})

export type RestartOptions = ActOptions & Readonly<{ catalog?: readonly string[]; startedAfter?: number }>

/** `startedAfter`: whatever is younger than that is done already, as when a restart is taken up again; else now. */
export const restartCommand = async (
  services: readonly string[],
  given: RestartOptions,
  origin: Origin = ofItsOwn,
): Promise<ExitCode> => {
  const retried = await retrying(given, services.join(', '))
  if (E.isLeft(retried)) return retried.left
  const options = retried.right
  const disk = await filesWithVault(options)
  if (E.isLeft(disk)) return refuse(disk.left, options)
  const { files, inputs } = rememberInputs(disk.right)
  const startedAfterMs = options.startedAfter ?? Date.now()
  const read = readRestart(services, options.catalog ?? [], startedAfterMs, { ...options, files })
  if (E.isLeft(read)) return refuse(read.left, options)
  const { expansion, catalogs } = read.right
  const startedAfter = new Date(startedAfterMs).toISOString()
  const title = `restart of ${services.join(', ')}, of all that was started before ${startedAfter}`
  const more = { services, 'started-after': startedAfterMs }
  const command = commandOf('restart', origin)
  const again = { command, playbook: null, catalogs: catalogs.map(path => resolve(path)), more }
  const exitCode = await conduct({ expansion, title, again, inputs: inputs(), ...origin }, options)
  if (options.plan && options.startedAfter === undefined && exitCode !== exitCodes.badInput) {
    console.error(`steward: the same with --started-after ${startedAfter} does just this`)
  }
  return exitCode
}

/** What a run comes from besides its command line. */
type Origin = Pick<Undertaking, 'resumes' | 'applies'>

const ofItsOwn: Origin = { resumes: null, applies: null }

const commandOf = (command: 'run' | 'restart', { applies }: Origin): string => (applies === null ? command : 'apply')

/** What this call says itself; all else is as it was written down. */
type GivenAgain = Pick<
  ActOptions,
  'shipped' | 'json' | 'plan' | 'yes' | 'step' | 'defaults' | 'configured' | keyof PasswordOptions
> &
  PlanOptions &
  Readonly<{ lockTimeout?: number }>

/** The same command and options again: what is as it should be by now is left alone. */
export const resumeCommand = async (wanted: string, given: GivenAgain): Promise<ExitCode> => {
  const run = await readPastRun(ourJournals(), wanted)
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
  const startedAfter = Number(more['started-after'])
  return restartCommand(services, { ...options, catalog: catalogs, startedAfter }, origin)
}

/** Not taken unasked: what came after it may have been meant to undo it. */
const lastToResume = async (): Promise<string | null> => {
  const runs = await listRuns(ourJournals(), 50)
  const found = E.isRight(runs)
    ? runs.right.find(run => E.isRight(run) && E.isRight(howToResume(run.right)))
    : undefined
  return found !== undefined && E.isRight(found) ? found.right.runId : null
}

/** What `runCommand` would do. */
export const planCommand = (
  playbook: string,
  options: Omit<ActOptions, 'lockTimeout'> & TagOptions & ListOptions,
): Promise<ExitCode> => runCommand(playbook, { ...options, lockTimeout: 60, plan: true })
