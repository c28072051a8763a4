/** The commands around a start or a stop, one after the other: the first that fails ends the step. */
import * as E from 'fp-ts/lib/Either.js'
import type { AfterMoment, HookMoment } from '../model/catalog.js'
import type { PlannedHook } from '../model/plan.js'
import { lastLines } from '../model/printed.js'
import { quoting, reason } from '../model/reason.js'
import { hookWords } from '../model/words.js'
import { lockedOutcome, shownLines } from './commands.js'
import { hooksDone, intendedHook, notBegun } from './journal/entries.js'
import { failed, notWritten, type Outcome } from './outcome.js'
import type { StepContext } from './step-context.js'

/** Null where all of them ended with 0, or were left out. */
export const runHooks = async (context: StepContext, moment: HookMoment): Promise<Outcome | null> => {
  const { step, journal } = context
  const hooks = step.hooks.filter(hook => hook.moment === moment)
  for (const hook of hooks) {
    const bad = await runHook(context, hook)
    if (bad !== null) return bad
  }
  // Whatever becomes of the step: they are not due any more.
  if (hooks.length > 0 && isAfter(moment)) await journal.append(hooksDone(step, moment))
  return null
}

const isAfter = (moment: HookMoment): moment is AfterMoment => moment === 'afterStart' || moment === 'afterStop'

const runHook = async (context: StepContext, hook: PlannedHook): Promise<Outcome | null> => {
  const what = hookWords(hook.moment)
  const { step, service, session, journal, emit } = context
  const intent = await journal.append(intendedHook(step, { what, command: hook.command }))
  if (E.isLeft(intent)) return notWritten(intent.left)
  emit({ _tag: 'StepWaited', id: step.id, for: what })
  const onLock = (say: string) => emit({ _tag: 'StepWaited', id: step.id, for: `the lock of ${step.host}: ${say}` })
  const ran =
    hook.on === 'host'
      ? await session.runHook(service, hook, onLock)
      : { _tag: 'Sent' as const, result: await context.runHere(hook) }
  if (ran._tag === 'Locked') {
    await journal.append(notBegun(step))
    return lockedOutcome(service, ran.taking)
  }
  const { result } = ran
  if (E.isLeft(result))
    return failed(
      reason`${sofar[hook.moment]}${what}: whether it was done is not known${quoting(`: ${result.left}`)}`,
      wayOutOf(hook),
    )
  if (result.right._tag === 'LeftOut') {
    await journal.append(notBegun(step))
    return null
  }
  const { code } = result.right
  emit({ _tag: 'CommandEnded', id: step.id, what, code, output: lastLines(result.right) })
  return code === 0
    ? null
    : failed(`${sofar[hook.moment]}${what} ended with ${code}`, wayOutOf(hook), lastLines(result.right, shownLines))
}

/** What was done before it is not undone by its failure. */
const sofar: Readonly<Record<HookMoment, string>> = {
  beforeStart: '',
  afterStart: 'it runs; ',
  beforeStop: '',
  afterStop: 'it is stopped; ',
}

/** Hooks before an act are run anew with it; those after it are still due, and nothing but a resume knows of that. */
const wayOutOf = ({ moment }: PlannedHook): string =>
  moment === 'beforeStart' || moment === 'beforeStop'
    ? 'nothing more was done; see what it does, then run this again'
    : 'see what it does, then take this run up again: another run leaves it out'
