/** The commands around a start or a stop, one after the other: the first that fails ends the step. */
import * as E from 'fp-ts/lib/Either.js'
import type { Hook, HookMoment } from '../model/catalog.js'
import { lockedOutcome } from './commands.js'
import { intendedLaunch } from './journal/entries.js'
import { failed, notWritten, type Outcome } from './outcome.js'
import type { StepContext } from './step-context.js'

const inWords: Readonly<Record<HookMoment, string>> = {
  beforeStart: 'hook before the start',
  afterStart: 'hook after the start',
  beforeStop: 'hook before the stop',
  afterStop: 'hook after the stop',
}

/** Null where all of them ended with 0, or were left out. */
export const runHooks = async (context: StepContext, moment: HookMoment): Promise<Outcome | null> => {
  for (const hook of context.service.hooks[moment]) {
    const bad = await runHook(context, hook, inWords[moment])
    if (bad !== null) return bad
  }
  return null
}

const runHook = async (context: StepContext, hook: Hook<string>, what: string): Promise<Outcome | null> => {
  const { step, service, session, journal, emit } = context
  const intent = await journal.append(intendedLaunch(step, [{ what, command: hook.command }]))
  if (E.isLeft(intent)) return notWritten(intent.left)
  emit({ _tag: 'StepWaited', id: step.id, for: what })
  const onLock = (say: string) => emit({ _tag: 'StepWaited', id: step.id, for: `the lock of ${step.host}: ${say}` })
  const ran =
    hook.on === 'host'
      ? await session.runHook(service, hook, onLock)
      : { _tag: 'Sent' as const, result: await context.runHere(hook) }
  if (ran._tag === 'Locked') return lockedOutcome(service, ran.taking)
  const { result } = ran
  if (E.isLeft(result))
    return failed(`${what}: whether it was done is not known: ${result.left}`, 'see what it does, then run this again')
  if (result.right._tag === 'LeftOut') return null
  const { code, output } = result.right
  emit({ _tag: 'CommandEnded', id: step.id, what, code, output })
  return code === 0 ? null : failed(`${what} ended with ${code}`, 'nothing more was done; see what it says', output)
}
