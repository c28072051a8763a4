/** Is what runs ready? What to ask, and what the answers come to. */
import { startOf } from '../model/cut-text.js'
import type { Answer, Observation } from '../model/observation.js'
import { type Check, checkInWords, type LogEnds, type Question } from '../model/ready.js'
import { joined, ownReason, quoting, type Reason, reason } from '../model/reason.js'

/**
 * What is to be asked after a start. `before` are the ends of the logs right before it; null where nobody has seen the
 * start, so that nobody can tell which lines of a log are since.
 */
export const questionsFor = (checks: readonly Check[], before: LogEnds | null): readonly Question[] =>
  checks.flatMap((check): readonly Question[] => {
    if (check._tag !== 'Log') return [{ check, since: null }]
    return before === null ? [] : [{ check, since: before.get(check.file) ?? null }]
  })

/** Why not, in one line; null where every answer is as it should be. Text of the host's is in it as it came. */
export const whyNotReady = (
  questions: readonly Question[],
  { answers }: Pick<Observation, 'answers'>,
): Reason | null => {
  const reasons = questions.flatMap(question => {
    const why = faultOf(question.check, answers.get(question))
    return why === null ? [] : [reason`${checkInWords(question.check)}: ${why}`]
  })
  return reasons.length === 0 ? null : joined(reasons, '; ')
}

const faultOf = (check: Check, answer: Answer | undefined): Reason | null => {
  if (answer === undefined) return ownReason('there is no answer')
  if (answer._tag === 'No') return quoting(answer.why, 'it says no')
  if (answer._tag === 'Yes' || check._tag !== 'Http') return null
  const { status, body } = check
  if (!status.includes(answer.status))
    return reason`status ${answer.status}, not ${status.join(' or ')}${said(answer.body)}`
  return body === null || answer.body.includes(body) ? null : reason`"${body}" is not in its body${said(answer.body)}`
}

const said = (body: string): Reason => {
  const text = body.trim().replace(/\s+/g, ' ')
  return text === '' ? ownReason('; it said nothing') : quoting(`; it said "${startOf(text, 80)}"`)
}
