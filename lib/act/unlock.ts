/** Scripts for a person at the lock: one shows whose it is, one removes exactly what was shown. */
import type * as E from 'fp-ts/lib/Either.js'
import type { LockRemoval, LockShowing, ShownLock } from '../model/lock.js'
import { shellWord } from '../model/shell.js'
import { notDone, oneLine, readAnswer, readContent, readWitnesses } from './lock-content.js'
import { askLock, lockFunction, tellLock } from './lock-shell.js'

/** Changes nothing on the host, and waits for nobody. */
export const showLockScript = (nonce: string): string => `{
${lockFunction(
  nonce,
  `show)
  go_to_lock look
  where_we_are
  text=$(cat lock) && sum=$(cksum <lock) && read_lock || answer none
  fate=living
  ! is_dead || fate=dead
  answer "$fate" "$sum$living" '' "$text"
  ;;`,
)}
${askLock('show')}
${tellLock(nonce)}
exit 0
}
`

export const readShowing = (nonce: string, output: string): E.Either<string, LockShowing> =>
  readAnswer<LockShowing>(nonce, output, {
    refused: notDone.refused,
    none: () => ({ _tag: 'NotThere' }),
    living: text => shown(text, false),
    dead: text => shown(text, true),
  })

const shown = (text: string, isDead: boolean): ShownLock => {
  const [head = ''] = text.split('\n\n', 1)
  const [checksum = '', ...witnesses] = head.split('\n')
  const content = readContent(text.slice(head.length).trim())
  return { _tag: 'Shown', content, isDead, living: isDead ? [] : readWitnesses(witnesses), checksum }
}

/** Whether its holder lives is for the person to judge who has seen it; renewed by the same holder it is the same lock. */
export const unlockScript = (nonce: string, shown: ShownLock): string => `{
${lockFunction(
  nonce,
  `unlock)
  go_to_lock look
  take_turn
  [ -e lock ] || answer none
  read_lock
  ${isShown(shown)} || answer other "$(cat lock)"
  printf 'removed\\n'
  exec rm -f lock "$turn"
  ;;`,
)}
${askLock('unlock')}
${tellLock(nonce)}
exit 0
}
`

const isShown = ({ content, checksum }: ShownLock): string =>
  content._tag === 'Holder'
    ? `[ "$run $since" = ${shellWord(`${oneLine(content.run)} ${content.sinceSeconds}`)} ]`
    : `[ "$(cksum <lock)" = ${shellWord(checksum)} ]`

export const readRemoval = (nonce: string, output: string): E.Either<string, LockRemoval> =>
  readAnswer<LockRemoval>(nonce, output, {
    ...notDone,
    removed: () => ({ _tag: 'Removed' }),
    none: () => ({ _tag: 'NotThere' }),
    other: text => ({ _tag: 'Changed', to: readContent(text) }),
  })
