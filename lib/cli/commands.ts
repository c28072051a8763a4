/** The commands that act, and the one that says what they would do. What acts is loaded once the input is sound. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { rememberInputs } from '../api/remember-inputs.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { Expansion } from '../model/playbook.js'
import { toJson } from '../report/json.js'
import { listLines, listPlays } from '../report/lists.js'
import { type ActOptions, type CommonOptions, refuse } from './common.js'
import type { Undertaking } from './conduct.js'
import { readRun } from './input.js'
import { settingsInput } from './settings-input.js'
import { type TagOptions, tagsAsJournalled } from './tag-options.js'
import { filesWithVault } from './vault-keys.js'
import { fitted } from './window.js'

/** What `--list-…` and `--syntax-check` ask for; nothing is connected to. */
type ListOptions = Readonly<{ listHosts?: true; listSteps?: true; listTags?: true; syntaxCheck?: true }>

const isListing = (options: ListOptions): boolean =>
  Boolean(options.listHosts || options.listSteps || options.listTags || options.syntaxCheck)

const list = (playbook: string, expansion: Expansion, options: ListOptions & Pick<CommonOptions, 'json'>): ExitCode => {
  const { listHosts: hosts = false, listSteps: steps = false, listTags: tags = false } = options
  const plays = listPlays(expansion, { hosts, steps, tags })
  if (options.json) console.log(toJson({ playbook, plays }))
  else if (hosts || steps || tags) console.log(fitted(listLines(plays)).join('\n'))
  else console.log(`${playbook}: nothing is wrong with it`)
  return exitCodes.ok
}

export const runCommand = async (
  playbook: string,
  given: ActOptions & TagOptions & ListOptions,
  origin: Origin = ofItsOwn,
): Promise<ExitCode> => {
  const retried = await narrowed(given, resolve(playbook))
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
  const { conduct } = await import('./conduct.js')
  return conduct(
    { expansion: expansion.right, title: playbook, again, inputs: [...inputs(), ...settingsInput(options)], ...origin },
    options,
  )
}

/** By `--retry`, to what a past run has left. The Left is how it ended already. */
export const narrowed = async <Options extends ActOptions>(
  options: Options,
  what: string,
): Promise<E.Either<ExitCode, Options>> =>
  options.retry === undefined ? E.right(options) : (await import('./retry.js')).retrying(options, options.retry, what)

/** What a run comes from besides its command line. */
export type Origin = Pick<Undertaking, 'resumes' | 'applies'>

export const ofItsOwn: Origin = { resumes: null, applies: null }

export const commandOf = (command: string, { applies }: Origin): string => (applies === null ? command : 'apply')

/** What `runCommand` would do. */
export const planCommand = (
  playbook: string,
  options: Omit<ActOptions, 'lockTimeout'> & TagOptions & ListOptions,
): Promise<ExitCode> => runCommand(playbook, { ...options, lockTimeout: 60, plan: true })
