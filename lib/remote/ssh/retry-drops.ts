/** Logs in again where sshd has dropped us for being one of too many; whatever else comes of it stands. */

import { setTimeout as delay } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { reason, reasonOfTold, toldReason } from '../../model/reason.js'
import type { RemoteError } from '../../model/remote-error.js'
import type { LoginError } from './explain-login.js'
import type { Ramp } from './handshakes.js'

/**
 * For as long as connecting may take; waiting for a turn is not counted. The pauses double, and each is of a length of
 * its own, so that those who were dropped together do not come back together.
 */
export const againIfDropped =
  (ramps: readonly Ramp[], budgetMs: number) =>
  <A>(attempt: TaskEither<LoginError, A>): TaskEither<RemoteError, A> =>
  async () => {
    let spentMs = 0
    for (let tries = 1; ; tries += 1) {
      const leaves = []
      for (const ramp of ramps) leaves.push(await ramp.enter())
      const begun = performance.now()
      const result = await attempt()
      const isDropped = E.isLeft(result) && result.left._tag === 'Dropped'
      for (const leave of leaves) leave(E.isRight(result) ? 'ok' : isDropped ? 'dropped' : 'other')
      if (E.isRight(result) || result.left._tag !== 'Dropped') return result as E.Either<RemoteError, A>
      const pauseMs = Math.min(2000, 50 * 2 ** tries) * (0.5 + Math.random())
      spentMs += performance.now() - begun + pauseMs
      if (spentMs > budgetMs)
        return E.left({
          _tag: 'Unreachable',
          ...toldReason(reason`${reasonOfTold(result.left)}, ${tries === 1 ? 'once' : `${tries} times`}`),
        })
      await delay(pauseMs)
    }
  }
