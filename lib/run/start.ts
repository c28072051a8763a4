/** Starting a service: launch, look until it runs, then watch it stay so. */
import * as E from 'fp-ts/lib/Either.js'
import { judge } from '../decide/judge.js'
import { sameCopies } from '../decide/verify.js'
import type { Launch } from '../model/plan.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import type { Verdict } from '../model/verdict.js'
import { verdictInWords } from '../model/words.js'
import { type Commands, launchCommands } from './commands.js'
import { failed, type Outcome } from './outcome.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

/** No launches: it is starting by itself and only has to be waited for. */
export const startService = async (context: StepContext, launches: readonly Launch[]): Promise<Outcome> => {
  const { service, clock } = context
  const { withinMs, stableMs } = service.ready
  const commands = launches.length === 0 ? E.right(silent) : await launchCommands(context, launches, withinMs)
  if (E.isLeft(commands)) return commands.left

  const running = await untilRunning(context, clock.now() + withinMs)
  if (running._tag === 'Late') {
    const why = `it is not running after ${seconds(withinMs)}; it is ${running.last}`
    return failed(why, 'it was started once and is not started again: see its log', commands.right.said())
  }
  const broken = await holdSteady(context, running.verdict, stableMs)
  if (broken !== null) return failed(broken, 'see its log', commands.right.said())
  const { verdict: found } = running
  return { _tag: 'Done', changed: launches.length > 0, now: verdictInWords(found), found }
}

const silent: Commands = { said: () => null }

type Running = Readonly<{ _tag: 'Running'; verdict: Verdict } | { _tag: 'Late'; last: string }>

const untilRunning = async (
  { step, service, session, clock, emit }: StepContext,
  untilMs: number,
): Promise<Running> => {
  const next = pace(clock)
  let last = 'not seen yet'
  while (await next(untilMs)) {
    const look = await session.look()
    if (E.isRight(look)) {
      const verdict = judge(service, look.right)
      if (verdict._tag === 'running') return { _tag: 'Running', verdict }
    }
    const now = E.isLeft(look)
      ? `unknown: ${remoteErrorInWords(look.left)}`
      : verdictInWords(judge(service, look.right))
    if (now !== last) emit({ _tag: 'StepWaited', id: step.id, for: now })
    last = now
  }
  return { _tag: 'Late', last }
}

/** Why it did not stay as it was; null if it did. A look that fails decides nothing and is taken again. */
const holdSteady = async (context: StepContext, running: Verdict, stableMs: number): Promise<string | null> => {
  const { service, clock, emit, step } = context
  const sinceMs = clock.now()
  const next = pace(clock)
  if (stableMs > 0) emit({ _tag: 'StepWaited', id: step.id, for: `running; holding for ${seconds(stableMs)}` })
  while (await next(sinceMs + stableMs)) {
    const verdict = await lookUntilKnown(context, sinceMs + stableMs + service.ready.withinMs)
    const after = seconds(clock.now() - sinceMs)
    if (verdict === null) return `it ran, and then could not be seen for ${after}`
    if (verdict._tag !== 'running') return `it ran, and within ${after} it was ${verdictInWords(verdict)}`
    if (!sameCopies(running, verdict)) return `it ran, and within ${after} other processes had taken its place`
  }
  return null
}

const lookUntilKnown = async ({ service, session, clock }: StepContext, untilMs: number): Promise<Verdict | null> => {
  const next = pace(clock)
  do {
    const look = await session.look()
    const verdict = E.isRight(look) ? judge(service, look.right) : null
    if (verdict !== null && verdict._tag !== 'unknown') return verdict
  } while (await next(untilMs))
  return null
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
