/** Runs scripts over one connection, as many at once as the host takes. */

import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import { type Reason, reason, toldReason } from '../model/reason.js'
import type { Answer } from './follow-script.js'
import { plainly } from './plain-shell.js'
import { turnstile } from './ssh/turnstile.js'
import type { Connection, Script } from './transport.js'

export type Attempt = Readonly<{
  /** `no channel`: the host opened none, nothing was sent. */
  answer: Promise<Answer | 'no channel'>
  lose: (why: string | Reason) => void
  isOpen: () => boolean
}>

type Runner = Readonly<{
  run: Connection['run']
  /** From the first call on, no script is sent any more, and those under way are lost. */
  die: (why: string | Reason) => void
}>

/** Well under the ten sshd allows (MaxSessions). */
export const channelsAtOnce = 4

/** With the pauses between them, some three seconds: sshd is a moment late to count a closed channel as closed. */
const triesAlone = 8

export const scriptRunner = (begin: (script: Script) => Attempt): Runner => {
  const inTurn = turnstile(channelsAtOnce)
  const running = new Set<Attempt>()
  let gone: string | Reason | null = null

  const run = async (script: Script): Promise<Answer> => {
    for (let alone = 0; alone < triesAlone; ) {
      if (gone !== null) return unreachable(gone)
      const attempt = begin(plainly(script))
      running.add(attempt)
      const answer = await attempt.answer.finally(() => running.delete(attempt))
      if (answer !== 'no channel') return answer
      const open = [...running].filter(({ isOpen }) => isOpen())
      // When one of them ends, the host has a channel to spare.
      if (open.length > 0) await Promise.race(open.map(({ answer }) => answer.catch(() => {})))
      else await delay(10 * 2 ** ++alone)
    }
    return unreachable('the host opens no session (MaxSessions); scripts given up earlier may still hold theirs')
  }

  return {
    run: script => () => inTurn(() => run(script)),
    die: why => {
      gone ??= why
      for (const { lose } of running) lose(gone)
    },
  }
}

const unreachable = (why: string | Reason): Answer => E.left({ _tag: 'Unreachable', ...toldReason(reason`${why}`) })
