/** Looking that can be given up: with the signal, connections are closed, and what still goes on over them is lost. */
import * as E from 'fp-ts/lib/Either.js'
import type { Connection, Transport } from '../remote/transport.js'
import { onAbort } from './on-abort.js'

/** Resolves with what `look` does, or rejects with the signal's reason once all its connections are closed. */
export const until = async <A>(
  signal: AbortSignal | undefined,
  transport: Transport,
  look: (transport: Transport) => Promise<A>,
): Promise<A> => {
  if (signal === undefined) return look(transport)
  signal.throwIfAborted()
  const open = new Set<Connection>()
  let giveUp: () => void = () => {}
  const aborted = new Promise<typeof unreachable>(resolve => {
    giveUp = () => {
      resolve(unreachable)
      for (const connection of open) void connection.close()
    }
  })
  const leave = onAbort(signal, giveUp)
  const abortable: Transport = {
    connect: (host, route) => async () => {
      const connecting = signal.aborted ? null : transport.connect(host, route)()
      const connection = connecting === null ? unreachable : await Promise.race([connecting, aborted])
      // One that comes too late is for nobody.
      if (connection === unreachable) void connecting?.then(late => (E.isRight(late) ? late.right.close() : undefined))
      if (E.isRight(connection)) open.add(connection.right)
      return connection
    },
  }
  try {
    const seen = await look(abortable)
    signal.throwIfAborted()
    return seen
  } finally {
    leave()
  }
}

const unreachable = E.left({ _tag: 'Unreachable', why: 'it was given up' } as const)
