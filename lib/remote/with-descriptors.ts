/** A connection that holds file descriptors for as long as it is open, and more of them while it is made. */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { RemoteError } from '../model/remote-error.js'
import type { Descriptors } from './descriptors.js'
import type { Connection } from './transport.js'

type Needed = Readonly<{ opening: number; open: number }>

export const withDescriptors =
  ({ take }: Descriptors, { opening, open }: Needed, waitMs: number) =>
  (connect: TaskEither<RemoteError, Connection>): TaskEither<RemoteError, Connection> =>
  async () => {
    const taken = await take(Math.max(opening, open), waitMs)()
    if (E.isLeft(taken)) return taken
    const giveBack = taken.right
    try {
      const connected = await connect()
      if (E.isLeft(connected)) {
        giveBack()
        return connected
      }
      giveBack(Math.max(0, opening - open))
      const { run, close } = connected.right
      return E.right({ run, close: () => close().finally(() => giveBack()) })
    } catch (bug) {
      giveBack()
      throw bug
    }
  }
