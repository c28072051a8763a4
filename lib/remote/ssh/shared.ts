/** Connections that several share: made by the first who needs one, closed soon after the last has let go of it. */
import * as E from 'fp-ts/lib/Either.js'
import type { RemoteError } from '../../model/remote-error.js'

/** Who works on one host after the other finds it still open. */
const lingerMs = 1000

/** `release` may be called more than once, and counts once. */
export type Shared<A> = Readonly<{ value: A; release: () => void }>

type Entry<A> = { users: number; isClosed: boolean; opening: Promise<E.Either<RemoteError, A>> }

type Holder<A> = Readonly<{
  open: () => Promise<E.Either<RemoteError, A>>
  close: (value: A) => void
  isGone: (value: A) => boolean
}>

/**
 * A failure is shared too by those who waited for it. One that was refused stays refused: to ask again with the same
 * login would only bring a penalty.
 */
export const sharedBy = <A>(): ((key: string, holder: Holder<A>) => Promise<E.Either<RemoteError, Shared<A>>>) => {
  const entries = new Map<string, Entry<A>>()
  const take = async (key: string, holder: Holder<A>): Promise<E.Either<RemoteError, Shared<A>>> => {
    const found = entries.get(key)
    const entry = found ?? { users: 0, isClosed: false, opening: holder.open() }
    entries.set(key, entry)
    entry.users += 1
    const forget = () => {
      if (entries.get(key) === entry) entries.delete(key)
    }
    const opened = await entry.opening
    if (E.isLeft(opened)) {
      if (opened.left._tag === 'Unreachable') forget()
      return opened
    }
    let isHeld = true
    const release = () => {
      if (!isHeld) return
      isHeld = false
      entry.users -= 1
      if (entry.users === 0) setTimeout(closeUnused, lingerMs).unref()
    }
    const closeUnused = () => {
      if (entry.users > 0 || entry.isClosed) return
      entry.isClosed = true
      forget()
      holder.close(opened.right)
    }
    if (found === undefined || !holder.isGone(opened.right)) return E.right({ value: opened.right, release })
    forget()
    release()
    return take(key, holder)
  }
  return take
}
