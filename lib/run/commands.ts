/** Launching the commands of a step, and telling what they said while others go on watching what they do. */
import * as E from 'fp-ts/lib/Either.js'
import type { LaunchResult } from '../act/launch.js'
import { type Recheck, recheck } from '../decide/verify.js'
import type { HostService } from '../model/catalog.js'
import { type NotTaken, notTakenReason } from '../model/lock.js'
import type { Observation } from '../model/observation.js'
import type { Action, Launch } from '../model/plan.js'
import { lastLines, type Printed } from '../model/printed.js'
import type { LogEnds } from '../model/ready.js'
import { remoteErrorInWords, remoteErrorReason } from '../model/remote-error.js'
import { intendedLaunch } from './journal/entries.js'
import { failed, notWritten, type Outcome, unreachable } from './outcome.js'
import type { StepContext } from './step-context.js'

/** Commands under way: whether they come back does not decide anything, what they did is looked at. */
export type Commands = Readonly<{
  /** What has come back by now, as text for a message; null while nothing has. */
  said: () => string | null
  /** Which of them came back with what, as the end of a reason. */
  ended: () => string
  /** Set once it is known that nothing was launched after all. */
  refusal: () => Outcome | null
  /** What was still to be done when the go-ahead was given: as planned, with the processes as they were then. */
  action: Action
  /** Where the logs ended by the look right before it. */
  logEnds: LogEnds
}>

/** A look that was blurred by processes that came and went is taken again this often. */
const moreLooks = 2

/** Resolves as soon as the go-ahead is given (Right), or with the outcome where it is not (Left). */
export const launchCommands = async (
  context: StepContext,
  launches: readonly Launch[],
  deadlineMs: number,
): Promise<E.Either<Outcome, Commands>> => {
  const intent = await context.journal.append(intendedLaunch(context.step, launches))
  return E.isLeft(intent) ? E.left(notWritten(intent.left)) : launch(context, launches, deadlineMs, moreLooks)
}

const launch = (
  context: StepContext,
  launches: readonly Launch[],
  deadlineMs: number,
  looksLeft: number,
): Promise<E.Either<Outcome, Commands>> => {
  const { step, service, others, session, emit, acts } = context
  let said: string | null = null
  let ended = ''
  let refusal: Outcome | null = null
  let logEnds: LogEnds = new Map()
  const lastLook = (now: Observation): Recheck => {
    logEnds = now.logEnds
    return recheck(step, service, now, others)
  }
  return new Promise((resolve, reject) => {
    let isGiven = false
    const onGo = (action: Action) => {
      isGiven = true
      acts.note(step.id)
      resolve(E.right({ said: () => said, ended: () => ended, refusal: () => refusal, action, logEnds }))
    }
    const onLock = (what: string) => emit({ _tag: 'StepWaited', id: step.id, for: `the lock of ${step.host}: ${what}` })
    session
      .launch(service, launches, deadlineMs, lastLook, { onGo, onLock })
      .then(launched => {
        switch (launched._tag) {
          case 'Held':
            resolve(
              launched.recheck._tag === 'Moved' && launched.recheck.isBlurred && looksLeft > 0
                ? launch(context, launches, deadlineMs, looksLeft - 1)
                : E.left(heldOutcome(launched.recheck)),
            )
            return
          case 'Locked':
            // After the go-ahead it was lost while the word was on its way.
            refusal = lockedOutcome(service, launched.taking)
            if (isGiven) acts.takeBack(step.id)
            resolve(E.left(refusal))
            return
          case 'Failed':
            said = `the command had not come back: ${remoteErrorInWords(launched.error)}`
            if (!launched.sent) resolve(E.left(unreachable(remoteErrorReason(launched.error))))
            return
          case 'Launched':
            said = E.isLeft(launched.results) ? launched.results.left : tell(context, launched.results.right)
            ended = E.isRight(launched.results) ? endsInWords(launched.results.right) : ''
            refusal = E.isRight(launched.results) ? refusalIn(launched.results.right) : null
            if (refusal !== null) acts.takeBack(step.id)
            return
        }
      })
      // A bug of ours in what reads the answer must end the run, not vanish.
      .catch(reject)
  })
}

/** Nothing at all was launched, and nothing is to be waited for. */
const refusalIn = (results: readonly LaunchResult[]): Outcome | null => {
  const [first] = results
  if (first === undefined || results.some(({ wasLaunched }) => wasLaunched)) return null
  return failed(first.output, 'nothing was done; run this again')
}

/**
 * The last look before hooks and signals, which no script guards: what is still to be done by it, or the outcome where
 * that is nothing.
 */
export const confirm = async ({ step, service, others, session }: StepContext): Promise<E.Either<Outcome, Action>> => {
  let last: Exclude<Recheck, { _tag: 'Go' }> | null = null
  for (let looks = 0; looks <= moreLooks; looks += 1) {
    const look = await session.look()
    if (E.isLeft(look)) return E.left(unreachable(remoteErrorReason(look.left)))
    const now = recheck(step, service, look.right, others)
    if (now._tag === 'Go') return E.right(now.action)
    last = now
    if (now._tag === 'Met' || !now.isBlurred) break
  }
  return E.left(last === null ? failed('it could not be looked at') : heldOutcome(last))
}

/** A place that is not safe for a lock is a failure of the host's; a lock that is held is not. */
export const lockedOutcome = ({ host, become }: HostService, taking: NotTaken): Outcome =>
  taking._tag === 'Refused'
    ? failed(notTakenReason(taking), 'nothing was done; make that place safe, then run this again')
    : {
        _tag: 'Locked',
        ...notTakenReason(taking),
        wayOut: `wait for it, or see whose it is: steward unlock ${host}${become === null ? '' : ` --become-user ${become.user}`}`,
      }

const heldOutcome = (held: Exclude<Recheck, { _tag: 'Go' }>): Outcome =>
  held._tag === 'Met'
    ? { _tag: 'Done', changed: false, now: held.now, found: held.verdict }
    : failed(held.why, 'nothing was done; run this again to plan anew')

const tell = ({ step, emit }: StepContext, results: readonly LaunchResult[]): string => {
  for (const result of results) {
    const { what, code } = result
    emit({ _tag: 'CommandEnded', id: step.id, what, code, output: lastLines(result) })
  }
  const [first, ...rest] = results
  if (first !== undefined && rest.length === 0) return `${first.what} ended with ${first.code}${quoted(first)}`
  const bad = results.filter(({ code }) => code !== 0)
  if (bad.length === 0) return `${results.length} commands ended with 0`
  return bad.map(result => `${result.what} ended with ${result.code}${quoted(result)}`).join('\n')
}

const endsInWords = (results: readonly LaunchResult[]): string =>
  results.map(({ what, code }) => `; ${what} ended with ${code}`).join('')

/** The most that is shown with a failure; all that is known of it is an event of its own. */
export const shownLines = 20

const quoted = (printed: Printed): string =>
  printed.output === '' ? ' and printed nothing' : ` and printed:\n${lastLines(printed, shownLines)}`
