/** Whose a host's lock is, and its removal where a person wants that. */
import * as E from 'fp-ts/lib/Either.js'
import { readRemoval, readShowing, showLockScript, unlockScript } from '../act/unlock.js'
import type { Become } from '../model/become.js'
import type { Route } from '../model/inventory.js'
import type { LockRemoval, LockShowing, ShownLock } from '../model/lock.js'
import type { HostName } from '../model/names.js'
import { remoteErrorInWords } from '../model/remote-error.js'
import { freshNonce, lookLimits } from './host-link.js'
import type { RunContext } from './run-context.js'

/** `mayRemove` is asked with what was found; exactly that lock is removed, and no other that has taken its place. */
export const unlockHost = async (
  host: HostName,
  route: Route,
  mayRemove: (shown: ShownLock) => boolean,
  { transport, ...limits }: Pick<RunContext, 'transport' | 'commandDeadlineMs' | 'maxAnswerBytes'>,
  as: Become | null,
): Promise<E.Either<string, Readonly<{ shown: LockShowing; removal: LockRemoval | null }>>> => {
  const connection = await transport.connect(host, route)()
  if (E.isLeft(connection)) return E.left(remoteErrorInWords(connection.left))
  const run = async (text: string): Promise<E.Either<string, string>> => {
    const output = await connection.right.run({ text, ...lookLimits(limits), as })()
    return E.isLeft(output) ? E.left(remoteErrorInWords(output.left)) : E.right(output.right.stdout)
  }
  try {
    const nonce = freshNonce()
    const shown = E.flatMap((stdout: string) => readShowing(nonce, stdout))(await run(showLockScript(nonce)))
    if (E.isLeft(shown)) return shown
    const lock = shown.right
    if (lock._tag !== 'Shown' || !mayRemove(lock)) return E.right({ shown: lock, removal: null })
    const again = freshNonce()
    const removal = E.flatMap((stdout: string) => readRemoval(again, stdout))(await run(unlockScript(again, lock)))
    return E.map((removed: LockRemoval) => ({ shown: lock, removal: removed }))(removal)
  } finally {
    await connection.right.close()
  }
}
