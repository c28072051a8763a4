/** The commands that act on services by their names, with no playbook: start, stop, restart. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { rememberInputs } from '../api/remember-inputs.js'
import { restarted, serviceTitle, verbOf } from '../api/service-book.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { RunOptions } from '../model/journal.js'
import type { Desire } from '../model/playbook.js'
import { commandOf, narrowed, type Origin, ofItsOwn } from './commands.js'
import { type ActOptions, refuse } from './common.js'
import { readServices } from './input.js'
import { settingsInput } from './settings-input.js'
import { filesWithVault } from './vault-keys.js'

type ServiceOptions = ActOptions & Readonly<{ catalog?: readonly string[] }>

export const startCommand = (services: readonly string[], options: ServiceOptions): Promise<ExitCode> =>
  desireCommand(services, { state: 'running', startedAfterMs: null }, options)

export const stopCommand = (services: readonly string[], options: ServiceOptions): Promise<ExitCode> =>
  desireCommand(services, { state: 'stopped', startedAfterMs: null }, options)

/** `startedAfter`: whatever is younger than that is done already; else now. */
export const restartCommand = async (
  services: readonly string[],
  options: ServiceOptions & Readonly<{ startedAfter?: number }>,
): Promise<ExitCode> => {
  const startedAfterMs = options.startedAfter ?? Date.now()
  const exitCode = await desireCommand(services, restarted(startedAfterMs), options)
  if (options.plan && options.startedAfter === undefined && exitCode !== exitCodes.badInput) {
    const startedAfter = new Date(startedAfterMs).toISOString()
    console.error(`steward: the same with --started-after ${startedAfter} does just this`)
  }
  return exitCode
}

/** Services in one state, wherever they live. */
export const desireCommand = async (
  services: readonly string[],
  desire: Desire,
  given: ServiceOptions,
  origin: Origin = ofItsOwn,
): Promise<ExitCode> => {
  const retried = await narrowed(given, services.join(', '))
  if (E.isLeft(retried)) return retried.left
  const options = retried.right
  const disk = await filesWithVault(options)
  if (E.isLeft(disk)) return refuse(disk.left, options)
  const { files, inputs } = rememberInputs(disk.right)
  const read = readServices(services, options.catalog ?? [], desire, { ...options, files })
  if (E.isLeft(read)) return refuse(read.left, options)
  const { expansion, catalogs } = read.right
  const again = {
    command: commandOf(verbOf(desire), origin),
    playbook: null,
    catalogs: catalogs.map(path => resolve(path)),
    more: { services, ...desireAsJournalled(desire) },
  }
  const { conduct } = await import('./conduct.js')
  return conduct(
    {
      expansion,
      title: serviceTitle(services, desire),
      again,
      inputs: [...inputs(), ...settingsInput(options)],
      ...origin,
    },
    options,
  )
}

const desireAsJournalled = ({ state, startedAfterMs }: Desire): RunOptions['more'] =>
  startedAfterMs === null ? { state } : { 'started-after': startedAfterMs }

export const desireFromJournal = (more: RunOptions['more']): Desire => {
  const { state } = more
  return state === 'running' || state === 'stopped'
    ? { state, startedAfterMs: null }
    : restarted(Number(more['started-after']))
}
