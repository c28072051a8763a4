/** How far a started service is: by its verdict and, once that is running, by the checks that are declared. */
import * as E from 'fp-ts/lib/Either.js'
import { judge } from '../decide/judge.js'
import { whyNotReady } from '../decide/ready.js'
import type { Question } from '../model/ready.js'
import type { Reason } from '../model/reason.js'
import { remoteErrorReason } from '../model/remote-error.js'
import type { Verdict } from '../model/verdict.js'
import type { PortWait } from '../observe/port-wait.js'
import type { Look } from './host-looks.js'
import type { StepContext } from './step-context.js'

export type Sight =
  /** `lacks`: why what runs is not ready; null where it is, or does not run. */
  Readonly<{ _tag: 'Seen'; verdict: Verdict; lacks: Reason | null }> | (Readonly<{ _tag: 'Unseen' }> & Reason)

export type Looking = Readonly<{
  look: () => Promise<Sight>
  /** Null where the host cannot be waited on now. */
  lookOnceOpen: (wait: PortWait) => Promise<Sight | null>
}>

/** Nobody is asked before it has been seen to run once; from then on each look asks too. */
export const lookingAt = ({ service, others, session }: StepContext, questions: readonly Question[]): Looking => {
  let asked: readonly Question[] = []
  const look = async (): Promise<Sight> => sightOf(await session.look(asked))
  const sightOf = async (seen: Look): Promise<Sight> => {
    if (E.isLeft(seen)) return { _tag: 'Unseen', ...remoteErrorReason(seen.left) }
    const verdict = judge(service, seen.right, others)
    if (verdict._tag !== 'running') return { _tag: 'Seen', verdict, lacks: null }
    if (asked !== questions) {
      asked = questions
      if (questions.length > 0) return look()
    }
    return { _tag: 'Seen', verdict, lacks: whyNotReady(questions, seen.right) }
  }
  const lookOnceOpen = async (wait: PortWait) => {
    const seen = await session.lookOnceOpen(wait)
    return seen === null ? null : sightOf(seen)
  }
  return { look, lookOnceOpen }
}
