/** Starting a service: launch, look until it runs and is ready, then watch it stay so. */
import * as E from 'fp-ts/lib/Either.js'
import { questionsFor } from '../decide/ready.js'
import { sameCopies } from '../decide/verify.js'
import type { Launch } from '../model/plan.js'
import { type Check, checkInWords, type Question } from '../model/ready.js'
import { ownReason, type Reason, reason } from '../model/reason.js'
import type { Verdict } from '../model/verdict.js'
import { verdictInWords, verdictReason } from '../model/words.js'
import { begin, notBegun } from './begin.js'
import { type Commands, confirm } from './commands.js'
import { failShowing } from './fail.js'
import { runHooks } from './hooks.js'
import { type Outcome, seeLog, unreachable } from './outcome.js'
import { pace } from './pace.js'
import { type Looking, lookingAt, type Sight } from './readiness.js'
import { sightsOf } from './sights.js'
import type { StepContext } from './step-context.js'

/** No launches: it is starting by itself and only has to be waited for. */
export const startService = async (context: StepContext, launches: readonly Launch[]): Promise<Outcome> => {
  const { step, service, clock } = context
  const { withinMs, checks } = service.ready
  const unsettled = await runLeftHooks(context)
  if (unsettled !== null) return unsettled
  const begun = launches.length === 0 ? null : await begin(context, 'start', launches, withinMs)
  if (begun !== null && E.isLeft(begun)) return begun.left
  const commands = begun?.right.commands ?? null
  const said = () => commands?.said() ?? null

  const questions = questionsFor(checks, commands?.logEnds ?? null)
  const looking = lookingAt(context, questions)
  const untilMs = clock.now() + withinMs
  for (;;) {
    const ready = await untilReady(context, looking, untilMs, commands)
    if (ready._tag === 'NotLaunched') {
      await notBegun(context, 'start')
      return ready.outcome
    }
    if (ready._tag === 'Unseen') return unreachable(reason`whether it runs is not known: ${ready}`)
    if (ready._tag === 'Late') {
      const wayOut = launches.length > 0 ? `it was started once and is not started again: ${seeLog(service)}` : null
      return failShowing(context, withEnds(ready, commands), wayOut, said(), commands?.logEnds)
    }
    const held = await holdSteady(context, looking, ready.verdict, untilMs)
    if (held._tag === 'Broken')
      return failShowing(context, withEnds(held, commands), seeLog(service), said(), commands?.logEnds)
    if (held._tag === 'Replaced') continue
    const { verdict: found } = held
    const unfinished = await runHooks(context, 'afterStart')
    if (unfinished !== null) return unfinished
    const changed = launches.length > 0 || step.hooks.some(({ moment }) => moment === 'afterStart')
    const now = [verdictInWords(found), ...checks.filter(isLeftOut(questions)).map(notAsked)].join('; ')
    return { _tag: 'Done', changed, now, found }
  }
}

/** Of a restart that was cut short between its stop and its start. */
const runLeftHooks = async (context: StepContext): Promise<Outcome | null> => {
  if (!context.step.hooks.some(({ moment }) => moment === 'afterStop')) return null
  const confirmed = await confirm(context)
  return E.isLeft(confirmed) ? confirmed.left : runHooks(context, 'afterStop')
}

type Ready = Readonly<
  | { _tag: 'Ready'; verdict: Verdict }
  | ({ _tag: 'Late' } & Reason)
  | ({ _tag: 'Unseen' } & Reason)
  | { _tag: 'NotLaunched'; outcome: Outcome }
>

const untilReady = async (
  context: StepContext,
  looking: Looking,
  untilMs: number,
  commands: Commands | null,
): Promise<Ready> => {
  const { step, service, clock, emit } = context
  const next = sightsOf(looking, clock)
  let words = ownReason('not seen yet')
  let now: Sight | null = null
  for (let seen = await next(untilMs); seen !== null; seen = await next(untilMs)) {
    now = seen
    if (now._tag === 'Seen' && now.verdict._tag === 'running' && now.lacks === null)
      return { _tag: 'Ready', verdict: now.verdict }
    const refusal = commands?.refusal() ?? null
    if (refusal !== null) return { _tag: 'NotLaunched', outcome: refusal }
    const before = words
    words = inWords(now)
    if (words.why !== before.why) emit({ _tag: 'StepWaited', id: step.id, for: words.why })
  }
  if (now?._tag === 'Unseen') return now
  const late = seconds(service.ready.withinMs)
  if (now === null || now.lacks === null)
    return { _tag: 'Late', ...reason`it is not running after ${late}; it is ${words}` }
  return { _tag: 'Late', ...reason`it runs, and is not ready after ${late}: ${now.lacks}` }
}

const inWords = (now: Sight): Reason => {
  if (now._tag === 'Unseen') return reason`a look at it: ${now}`
  return now.lacks === null ? verdictReason(now.verdict) : reason`running, not ready: ${now.lacks}`
}

type Held = Readonly<{ _tag: 'Steady'; verdict: Verdict } | { _tag: 'Replaced' } | ({ _tag: 'Broken' } & Reason)>

/**
 * Watches it stay as it was. A look that fails decides nothing and is taken again. Where other processes take its
 * place (a launcher that had the daemon's own arguments ends, a crashed one is restarted) all begins anew, for as long as
 * there is time to start in.
 */
const holdSteady = async (
  context: StepContext,
  { look }: Looking,
  running: Verdict,
  untilMs: number,
): Promise<Held> => {
  const { service, clock, emit, step } = context
  const { stableMs, withinMs } = service.ready
  const sinceMs = clock.now()
  // Nothing follows sooner for being looked at more often.
  const next = pace(clock, 0.5)
  if (stableMs > 0) emit({ _tag: 'StepWaited', id: step.id, for: `running; holding for ${seconds(stableMs)}` })
  let verdict = running
  while (await next(sinceMs + stableMs)) {
    const now = await lookUntilKnown(context, look, sinceMs + stableMs + withinMs)
    const after = seconds(clock.now() - sinceMs)
    if (now === null) return broken(reason`it ran, and then could not be seen for ${after}`)
    // Nobody is known to have stopped it.
    if (now.verdict._tag === 'stopped') return broken(reason`it ran, and within ${after} it had died`)
    if (now.verdict._tag !== 'running')
      return broken(reason`it ran, and within ${after} it was ${verdictReason(now.verdict)}`)
    if (!sameCopies(verdict, now.verdict)) {
      if (clock.now() <= untilMs) return { _tag: 'Replaced' }
      return broken(reason`it ran, and within ${after} other processes had taken its place again`)
    }
    if (now.lacks !== null) return broken(reason`it was ready, and within ${after} no longer: ${now.lacks}`)
    verdict = now.verdict
  }
  return { _tag: 'Steady', verdict }
}

const broken = (why: Reason): Held => ({ _tag: 'Broken', ...why })

/** The codes that its commands ended with are on the screen with what they said. */
const withEnds = (why: Reason, commands: Commands | null): Reason => ({
  why: why.why,
  own: `${why.own}${commands?.ended() ?? ''}`,
})

const lookUntilKnown = async ({ clock }: StepContext, look: Looking['look'], untilMs: number) => {
  const next = pace(clock)
  do {
    const now = await look()
    if (now._tag === 'Seen' && now.verdict._tag !== 'unknown') return now
  } while (await next(untilMs))
  return null
}

const isLeftOut =
  (questions: readonly Question[]) =>
  (check: Check): boolean =>
    !questions.some(question => question.check === check)

const notAsked = (check: Check): string => `${checkInWords(check)} was not looked at, as its start was not seen`

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`
