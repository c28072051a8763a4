/** The commands that act, and the one that says what they would do. */
import * as E from 'fp-ts/lib/Either.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import type { Plan, StepId } from '../model/plan.js'
import { toJson } from '../report/json.js'
import { planLines } from '../report/plan.js'
import { printable } from '../report/printable.js'
import { planRun, runPlaybook } from '../run/run.js'
import { type CommonOptions, contextFor, refuse, style } from './common.js'
import { readRun } from './input.js'
import { interruption } from './interruption.js'
import { jsonScreen, silentScreen, textScreen } from './screen.js'

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

const exitCodeOfPlan = (plan: Plan): ExitCode => {
  const actions = plan.plays.flatMap(({ steps }) => steps.map(({ action }) => action._tag))
  if (actions.includes('Unreachable')) return exitCodes.unreachable
  return actions.includes('Refuse') ? exitCodes.failed : exitCodes.ok
}

const isLive = (): boolean => process.stdout.isTTY === true && process.env['CI'] === undefined
