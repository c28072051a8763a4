/** Transports that others have written: what they throw is a failure of that host, and no end of the whole run. */

import * as E from 'fp-ts/lib/Either.js'
import { quoting, toldReason } from '../model/reason.js'
import type { RemoteError } from '../model/remote-error.js'
import type { Connection, Transport } from './transport.js'

/**
 * The same, where nothing rejects any more: without a connection the host is `Unreachable`, a script is `Lost`, as nobody
 * knows how far it came, and a connection that cannot be closed is of no further use anyway.
 */
export const guarded = (transport: Transport): Transport => ({
  connect: (host, route) => async () => {
    const connected = await caught('Unreachable', () => transport.connect(host, route)())
    return E.map(guardedConnection)(connected)
  },
})

const guardedConnection = (connection: Connection): Connection => ({
  run: script => () => caught('Lost', () => connection.run(script)()),
  close: async () => {
    try {
      await connection.close()
    } catch {}
  },
})

const caught = async <A>(
  _tag: 'Unreachable' | 'Lost',
  act: () => Promise<E.Either<RemoteError, A>>,
): Promise<E.Either<RemoteError, A>> => {
  try {
    return await act()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return E.left({ _tag, ...toldReason(quoting(why, 'the transport failed')) })
  }
}
