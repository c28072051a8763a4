/** How far a started service is: by its verdict and, once that is running, by the checks that are declared. */
import * as E from 'fp-ts/lib/Either.js'
import { judge } from '../decide/judge.js'
import { whyNotReady } from '../decide/ready.js'
import type { Question } from '../model/ready.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import type { Verdict } from '../model/verdict.js'
import type { StepContext } from './step-context.js'

export type Sight =
  /** `lacks`: why what runs is not ready; null where it is, or does not run. */
  Readonly<{ _tag: 'Seen'; verdict: Verdict; lacks: string | null }> | Readonly<{ _tag: 'Unseen'; why: string }>

/** Nobody is asked before it has been seen to run once; from then on each look asks too. */
export const sightOf = (
  { service, others, session }: StepContext,
  questions: readonly Question[],
): (() => Promise<Sight>) => {
  let asked: readonly Question[] = []
  const look = async (): Promise<Sight> => {
    const seen = await session.look(asked)
    if (E.isLeft(seen)) return { _tag: 'Unseen', why: remoteErrorInWords(seen.left) }
    const verdict = judge(service, seen.right, others)
    if (verdict._tag !== 'running') return { _tag: 'Seen', verdict, lacks: null }
    if (asked !== questions) {
      asked = questions
      if (questions.length > 0) return look()
    }
    return { _tag: 'Seen', verdict, lacks: whyNotReady(questions, seen.right) }
  }
  return look
}
