/** Scripts for a person at the lock: one shows whose it is, one removes exactly what was shown. */
import * as E from 'fp-ts/lib/Either.js'
import type { LockRemoval, LockShowing, ShownLock } from '../model/lock.js'
import type { HostText } from '../model/observation.js'
import { shellWord } from '../model/shell.js'
import { oneLine, readContent, readSaid, readWitnesses } from './lock-content.js'
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

export const readShowing = (nonce: string, output: string): E.Either<string, LockShowing> => {
  const said = readSaid(nonce, output)
  if (E.isLeft(said)) return said
  const { word, text } = said.right
  switch (word) {
    case 'none':
      return E.right({ _tag: 'NotThere' })
    case 'refused':
      return E.right({ _tag: 'Refused', why: text as HostText })
    case 'living':
    case 'dead': {
      const [head = ''] = text.split('\n\n', 1)
      const [checksum = '', ...witnesses] = head.split('\n')
      const content = readContent(text.slice(head.length).trim())
      const living = word === 'dead' ? [] : readWitnesses(witnesses)
      return E.right({ _tag: 'Shown', content, isDead: word === 'dead', living, checksum })
    }
  }
  return E.left(`its lock said "${word.slice(0, 40)}"`)
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

export const readRemoval = (nonce: string, output: string): E.Either<string, LockRemoval> => {
  const said = readSaid(nonce, output)
  if (E.isLeft(said)) return said
  const { word, text } = said.right
  switch (word) {
    case 'removed':
      return E.right({ _tag: 'Removed' })
    case 'none':
      return E.right({ _tag: 'NotThere' })
    case 'other':
      return E.right({ _tag: 'Changed', to: readContent(text) })
    case 'busy':
      return E.right({ _tag: 'Busy' })
    case 'refused':
      return E.right({ _tag: 'Refused', why: text as HostText })
  }
  return E.left(`its lock said "${word.slice(0, 40)}"`)
}
