/** One look at one host, kept as it came. */
import * as E from 'fp-ts/lib/Either.js'
import type { Become } from '../model/become.js'
import type { Route } from '../model/inventory.js'
import type { HostName } from '../model/names.js'
import type { RemoteError } from '../model/remote-error.js'
import { type ProbeRequest, probeScript } from '../observe/probe.js'
import type { SavedLook } from '../observe/saved-look.js'
import { freshNonce, lookLimits } from './host-link.js'
import type { RunContext } from './run-context.js'

/** Whatever the host answers is kept, also where it could not be judged: that is when somebody wants to see it. */
export const saveLook = async (
  host: HostName,
  route: Route,
  request: ProbeRequest,
  { transport, clock, ...limits }: RunContext,
  as: Become | null,
): Promise<E.Either<RemoteError, SavedLook>> => {
  const connection = await transport.connect(host, route)()
  if (E.isLeft(connection)) return connection
  try {
    const nonce = freshNonce()
    const answer = await connection.right.run({ text: probeScript(nonce, request), ...lookLimits(limits), as })()
    return E.map(
      ({ stdout }: { stdout: string }): SavedLook => ({
        host,
        takenAtMs: clock.now(),
        nonce,
        request,
        output: stdout,
      }),
    )(answer)
  } finally {
    await connection.right.close()
  }
}
