/** Starting a service: launch, look until it runs, then watch it stay so. */
import * as E from 'fp-ts/lib/Either.js'
import { judge } from '../decide/judge.js'
import { sameCopies } from '../decide/verify.js'
import type { Launch } from '../model/plan.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import type { Verdict } from '../model/verdict.js'
import { verdictInWords } from '../model/words.js'
import { launchCommands } from './commands.js'
import { runHooks } from './hooks.js'
import { failed, type Outcome } from './outcome.js'
import { pace } from './pace.js'
import type { StepContext } from './step-context.js'

/** No launches: it is starting by itself and only has to be waited for. */
export const startService = async (context: StepContext, launches: readonly Launch[]): Promise<Outcome> => {
  const { service, clock } = context
  const { withinMs, stableMs } = service.ready
  const notReady = launches.length === 0 ? null : await runHooks(context, 'beforeStart')
  if (notReady !== null) return notReady
  const commands = launches.length === 0 ? null : await launchCommands(context, launches, withinMs)
  if (commands !== null && E.isLeft(commands)) return commands.left
  const said = () => commands?.right.said() ?? null

  const untilMs = clock.now() + withinMs
  const running = await untilRunning(context, untilMs)
  if (running._tag === 'Unseen') return { _tag: 'Unreachable', why: `whether it runs is not known: ${running.why}` }
  if (running._tag === 'Late') {
    const why = `it is not running after ${seconds(withinMs)}; it is ${running.last}`
    return failed(why, launches.length > 0 ? 'it was started once and is not started again: see its log' : null, said())
  }
  const held = await holdSteady(context, running.verdict, stableMs, untilMs)
  if (held._tag === 'Broken') return failed(held.why, 'see its log', said())
  const { verdict: found } = held
  const unfinished = launches.length === 0 ? null : await runHooks(context, 'afterStart')
  if (unfinished !== null) return unfinished
  return { _tag: 'Done', changed: launches.length > 0, now: verdictInWords(found), found }
}

type Running = Readonly<
  { _tag: 'Running'; verdict: Verdict } | { _tag: 'Late'; last: string } | { _tag: 'Unseen'; why: string }
>

const untilRunning = async (context: StepContext, untilMs: number): Promise<Running> => {
  const { step, service, session, clock, emit } = context
  const next = pace(clock)
  let now: Running = { _tag: 'Late', last: 'not seen yet' }
  while (await next(untilMs)) {
    const look = await session.look()
    const verdict = E.isRight(look) ? judge(service, look.right) : null
    if (verdict?._tag === 'running') return { _tag: 'Running', verdict }
    const words = verdict === null ? '' : verdictInWords(verdict)
    const before = now
    now = E.isLeft(look) ? { _tag: 'Unseen', why: remoteErrorInWords(look.left) } : { _tag: 'Late', last: words }
    if (inWords(now) !== inWords(before)) emit({ _tag: 'StepWaited', id: step.id, for: inWords(now) })
  }
  return now
}

const inWords = (now: Running): string => {
  if (now._tag === 'Unseen') return `a look at it: ${now.why}`
  return now._tag === 'Late' ? now.last : verdictInWords(now.verdict)
}

type Held = Readonly<{ _tag: 'Steady'; verdict: Verdict } | { _tag: 'Broken'; why: string }>

/**
 * Watches it stay as it was. A look that fails decides nothing and is taken again. Where other processes take its
 * place (a launcher that had the daemon's own arguments ends, a crashed one is restarted) the time begins anew, for as
 * long as there is time to start in.
 */
const holdSteady = async (context: StepContext, running: Verdict, stableMs: number, untilMs: number): Promise<Held> => {
  const { service, clock, emit, step } = context
  let verdict = running
  let sinceMs = clock.now()
  const next = pace(clock)
  if (stableMs > 0) emit({ _tag: 'StepWaited', id: step.id, for: `running; holding for ${seconds(stableMs)}` })
  while (await next(sinceMs + stableMs)) {
    const now = await lookUntilKnown(context, sinceMs + stableMs + service.ready.withinMs)
    const after = seconds(clock.now() - sinceMs)
    if (now === null) return broken(`it ran, and then could not be seen for ${after}`)
    if (now._tag !== 'running') return broken(`it ran, and within ${after} it was ${verdictInWords(now)}`)
    if (sameCopies(verdict, now)) continue
    if (clock.now() > untilMs) return broken(`it ran, and within ${after} other processes had taken its place again`)
    verdict = now
    sinceMs = clock.now()
  }
  return { _tag: 'Steady', verdict }
}

const broken = (why: string): Held => ({ _tag: 'Broken', why })

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
