/** How a start or a stop is begun: the last look, the hooks before it, its commands. */
import * as E from 'fp-ts/lib/Either.js'
import type { AfterMoment } from '../model/catalog.js'
import type { Action, Launch } from '../model/plan.js'
import { type Commands, confirm, launchCommands } from './commands.js'
import { runHooks } from './hooks.js'
import * as journalled from './journal/entries.js'
import { notWritten, type Outcome } from './outcome.js'
import type { StepContext } from './step-context.js'

export type Begun = Readonly<{
  /** What was still to be done by the last look, with the processes as they were then. */
  action: Action
  /** Null where there are none, and where somebody else has done it since the hooks before it were run. */
  commands: Commands | null
  atMs: number
}>

/** Of a stop in a restart, both: who ends here leaves a start to be done too. */
const dueFrom = { start: ['afterStart'], stop: ['afterStop', 'afterStart'] } as const
const before = { start: 'beforeStart', stop: 'beforeStop' } as const

/**
 * From here on the hooks after it are due, whatever becomes of this run: that is on disk before it is begun. The Left is
 * how it ended already.
 */
export const begin = async (
  context: StepContext,
  act: 'start' | 'stop',
  launches: readonly Launch[],
  deadlineMs: number,
): Promise<E.Either<Outcome, Begun>> => {
  const { step, journal, clock } = context
  const hasHooks = step.hooks.some(({ moment }) => moment === before[act])
  // Where a script launches it looks for itself; hooks and signals have no script that does.
  const isGuarded = launches.length > 0 && !hasHooks
  const confirmed = isGuarded ? E.right(step.action) : await confirm(context)
  if (E.isLeft(confirmed)) return confirmed
  const notReady = await runHooks(context, before[act])
  if (notReady !== null) return E.left(notReady)
  const due = dueAfter(context, act)
  const written = due.length === 0 ? E.right(undefined) : await journal.append(journalled.hooksDue(step, due))
  if (E.isLeft(written)) return E.left(notWritten(written.left))
  const atMs = clock.now()
  if (launches.length === 0) return E.right({ action: confirmed.right, commands: null, atMs })
  const commands = await launchCommands(context, launches, deadlineMs)
  if (E.isRight(commands)) return E.right({ action: commands.right.action, commands: commands.right, atMs })
  const isMet = commands.left._tag === 'Done'
  if (isMet && hasHooks && due.length > 0) return E.right({ action: confirmed.right, commands: null, atMs })
  await notBegun(context, act)
  return commands
}

/** Nothing was launched after all: nothing is due that was not before. */
export const notBegun = async (context: StepContext, act: 'start' | 'stop'): Promise<void> => {
  await context.journal.append(journalled.notBegun(context.step))
  if (dueAfter(context, act).length > 0)
    await context.journal.append(journalled.hooksDue(context.step, context.alreadyDue))
}

const dueAfter = ({ step }: StepContext, act: 'start' | 'stop'): readonly AfterMoment[] =>
  dueFrom[act].filter(due => step.hooks.some(({ moment }) => moment === due))
