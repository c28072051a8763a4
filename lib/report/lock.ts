/** A host's lock in words: whose it is, since when, and what became of it. */
import type { LockRemoval, LockShowing } from '../model/lock.js'
import { lockHolderInWords } from '../model/lock.js'
import { printable } from './printable.js'

export const shownLockLines = (host: string, lock: LockShowing): readonly string[] => {
  switch (lock._tag) {
    case 'NotThere':
      return [printable(`${host}: there is no lock`)]
    case 'Refused':
      return [printable(`${host}: the place of the lock is not safe: ${lock.why}`)]
    case 'Shown': {
      const { content, isDead, living } = lock
      const times =
        content._tag === 'Holder'
          ? [
              `  since ${atSecond(content.sinceSeconds)}, renewed ${atSecond(content.renewedSeconds)} (the host's clock)`,
            ]
          : []
      const alive = living.map(({ kind, pid }) => `its ${kind} is alive: pid ${pid}`)
      const life = isDead ? 'it is gone: the next run takes the lock over by itself' : alive.join(', ')
      const doubt = life === '' ? 'whether it is alive cannot be told' : life
      return [`${host}: locked by ${lockHolderInWords(content)}`, ...times, `  ${doubt}`].map(printable)
    }
  }
}

export const removalLine = (host: string, removal: LockRemoval): string => {
  switch (removal._tag) {
    case 'Removed':
      return printable(`${host}: the lock was removed`)
    case 'NotThere':
      return printable(`${host}: the lock was gone by then`)
    case 'Changed':
      return printable(`${host}: the lock was left alone: it is another by now, of ${lockHolderInWords(removal.to)}`)
    case 'Busy':
      return printable(`${host}: the lock was left alone: others were at it all the time`)
    case 'Refused':
      return printable(`${host}: the lock cannot be removed: ${removal.why}`)
  }
}

const atSecond = (seconds: number): string =>
  Number.isSafeInteger(seconds) && seconds < 1e11
    ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
    : `${seconds}`
