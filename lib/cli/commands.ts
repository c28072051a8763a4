/** What each command does, from its options to its exit code. */
import { userInfo } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import type { RunFact } from '../model/event.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { Plan, StepId } from '../model/plan.js'
import type { InputProblems } from '../model/problem.js'
import type { Verdict } from '../model/verdict.js'
import { transportByRoute } from '../remote/by-route.js'
import { toJson } from '../report/json.js'
import { planLines } from '../report/plan.js'
import { printable } from '../report/printable.js'
import { problemLines } from '../report/problems.js'
import { statusLines } from '../report/status.js'
import { styleFor } from '../report/style.js'
import { systemClock } from '../run/clock.js'
import { planRun, runPlaybook } from '../run/run.js'
import type { RunContext } from '../run/run-context.js'
import { type ServiceStatus, statusOf } from '../run/status.js'
import { readRun, readStatus } from './input.js'
import { interruption } from './interruption.js'
import { jsonScreen, type Screen, silentScreen, textScreen } from './screen.js'

export type CommonOptions = Readonly<{ inventory: string; limit?: string; forks: number; json?: true; shipped: string }>

export const runCommand = async (playbook: string, options: CommonOptions): Promise<ExitCode> => {
  const expansion = readRun(playbook, options)
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const screen = options.json ? jsonScreen() : textScreen(style(), isLive())
  const interrupted = interruption(
    () => screen.say('steward: finishing what is under way and starting nothing more; once more leaves at once'),
    () => {
      const left = screen.underWay()
      screen.close()
      console.error(leftBehind(left))
    },
  )
  try {
    return await runPlaybook(expansion.right, playbook, contextFor(options, screen, interrupted.signal))
  } finally {
    screen.close()
    interrupted.stop()
  }
}

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

export const statusCommand = async (options: CommonOptions & { catalog?: readonly string[] }): Promise<ExitCode> => {
  const expansion = readStatus(options.catalog ?? [], options)
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const rows = await statusOf(expansion.right, contextFor(options, silentScreen))
  if (options.json) console.log(toJson(rows.map(plainStatus)))
  else console.log(statusLines(rows, style()).join('\n'))
  return rows.some(({ verdict }) => E.isLeft(verdict)) ? exitCodes.unreachable : exitCodes.ok
}

const plainStatus = ({ host, service, verdict }: ServiceStatus) =>
  E.isLeft(verdict) ? { host, service, unreachable: verdict.left } : { host, service, ...withoutTag(verdict.right) }

const withoutTag = ({ _tag, ...rest }: Verdict) => ({ verdict: _tag, ...rest })

const exitCodeOfPlan = (plan: Plan): ExitCode => {
  const actions = plan.plays.flatMap(({ steps }) => steps.map(({ action }) => action._tag))
  if (actions.includes('Unreachable')) return exitCodes.unreachable
  return actions.includes('Refuse') ? exitCodes.failed : exitCodes.ok
}

/** Mistakes in the input: all of them, before any connection. */
const refuse = (problems: InputProblems, { json }: CommonOptions): ExitCode => {
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

const contextFor = (options: CommonOptions, screen: Screen, signal?: AbortSignal): RunContext => ({
  transport: transportByRoute(login()),
  clock: systemClock,
  forks: options.forks,
  emit: (fact: RunFact) => screen.show({ ...fact, atMs: systemClock.now() }),
  ...(signal === undefined ? {} : { signal }),
})

/** `HOME` is where a user may point elsewhere; the password database is where it comes from otherwise. */
const login = () => {
  const { username, homedir } = userInfo()
  const { HOME, SSH_AUTH_SOCK } = process.env
  return { user: username, home: HOME || homedir, agentSocket: SSH_AUTH_SOCK || null }
}

const style = () => styleFor(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined)

const isLive = (): boolean => process.stdout.isTTY === true && process.env['CI'] === undefined
