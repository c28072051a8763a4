/** What all commands share: their options, what a run is given, and how mistakes are said. */
import { readFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import type { RunFact } from '../model/event.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { InputProblems } from '../model/problem.js'
import { transportByRoute } from '../remote/by-route.js'
import { toJson } from '../report/json.js'
import { problemLines } from '../report/problems.js'
import { styleFor } from '../report/style.js'
import { systemClock } from '../run/clock.js'
import type { RunContext } from '../run/run-context.js'
import { type ReachOptions, reachSettings } from './reach-options.js'
import type { Screen } from './screen.js'
import type { VaultOptions } from './vault-keys.js'

export type CommonOptions = Readonly<{
  inventory: string
  limit?: string
  extraVars?: readonly string[]
  forks: number
  maxAnswer: number
  json?: true
  shipped: string
}> &
  ReachOptions &
  VaultOptions

/** Which services of a playbook are meant. */
export type TagOptions = Readonly<{ tags?: readonly string[]; skipTags?: readonly string[] }>

/** What acts can be told besides. */
export type ActOptions = CommonOptions & Readonly<{ lockTimeout: number; stopSurvivors?: true }>

/** Mistakes in the input: all of them, before any connection. */
export const refuse = (problems: InputProblems, { json }: Pick<CommonOptions, 'json'>): ExitCode => {
  const lines = problemLines(problems)
  if (json) console.log(toJson({ problems }))
  else
    console.error(
      [
        ...lines,
        '',
        `steward: ${lines.length === 1 ? 'one mistake' : `${lines.length} mistakes`} in the input; nothing was connected to.`,
      ].join('\n'),
    )
  return exitCodes.badInput
}

export const contextFor = (options: CommonOptions, screen: Screen, signal?: AbortSignal): RunContext => ({
  transport: transportByRoute({ ...login(), ...reachSettings(options) }),
  clock: systemClock,
  forks: options.forks,
  ...(options.commandTimeout === undefined ? {} : { commandDeadlineMs: options.commandTimeout * 1000 }),
  maxAnswerBytes: options.maxAnswer * 1024 * 1024,
  emit: (fact: RunFact) => screen.show({ ...fact, atMs: systemClock.now() }),
  ...(signal === undefined ? {} : { signal }),
})

/** `HOME` is where a user may point elsewhere; the password database is where it comes from otherwise. */
const login = () => {
  const { username, homedir } = userInfo()
  const { HOME, SSH_AUTH_SOCK } = process.env
  return { user: username, home: HOME || homedir, agentSocket: SSH_AUTH_SOCK || null }
}

/** For whoever finds our lock on a host. */
export const whoWeAre = (): string => `${userInfo().username}@${hostname()} pid ${process.pid}`

export const versionOf = ({ shipped }: Pick<CommonOptions, 'shipped'>): string =>
  JSON.parse(readFileSync(`${shipped}/package.json`, 'utf8')).version

export const style = () => styleFor(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined)
