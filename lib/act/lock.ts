/** The lock of a host, as every script that acts takes or renews it at its beginning, and the last of a run gives it back. */
import * as E from 'fp-ts/lib/Either.js'
import type { LockClaim, LockRelease, LockTaking } from '../model/lock.js'
import { shellWord } from '../model/shell.js'
import { notDone, oneLine, readAnswer, readContent, readSaid } from './lock-content.js'
import { askLock, lockFunction, tellLock } from './lock-shell.js'

/**
 * Shell text for the beginning of a script: it takes or renews the lock, says what came of it, and ends the script
 * unless the lock is this run's. Of the script around it it needs nothing, and gives it `steward_lock`, `steward_now` and
 * `steward_said`.
 *
 * It proves its holder alive by the processes on the host that act for it: the script and its connection. A run that
 * has lost its connection may still have a script at work, so that those of before are kept for as long as they live.
 */
export const takeLock = (nonce: string, claim: LockClaim): string => `${lockFunction(
  nonce,
  `take)
  go_to_lock make
  take_turn
  where_we_are
  now=$steward_now
  since=$now word=taken old= living=
  if [ -e lock ]; then
    read_lock
    if [ -n "$whole" ] && [ "$run" = ${shellWord(oneLine(claim.run))} ]; then
      word=renewed
      ! is_dead || living=
    elif is_dead; then
      word=over old=$(cat lock) since=$now living=
    else
      answer held "$(cat lock)"
    fi
  fi
  # stand KIND PID: whoever shows as pid 0 is outside of what can be seen here; 1 takes in those whose connection ended.
  stand() {
    [ "$2" -gt 1 ] && ! gone "$2" - || return 0
    case $living$newline in
      *"\${newline}witness $1 $2 $ticks$newline"*) ;;
      *) living="$living\${newline}witness $1 $2 $ticks" ;;
    esac
  }
  # Under sudo what is above this script ends with it; the way there says what was above the login's shell.
  case \${steward_connection-} in
    '' | *[!0-9]*) stand connection "$PPID" ;;
    *) stand connection "$steward_connection" ;;
  esac
  stand script "$$"
  [ -n "$living" ] || answer refused 'nothing that could be seen would prove its holder alive'
  printf '%s\\n' ${runLine(claim)} ${shellWord(`who ${oneLine(claim.who)}`)} "since $since" "renewed $now" \\
    "boot $boot_now" "space $space_now$living" end >"$turn"
  while read -r key rest; do last=$key; done <"$turn"
  [ "$last" = end ] || answer refused "$PWD/lock cannot be written: full, or read-only"
  printf '%s\\n' "$word" "$old"
  exec mv -f "$turn" lock
  ;;
check)
  go_to_lock look
  [ -e lock ] || answer none
  read -r first <lock
  [ "$first" != ${runLine(claim)} ] || answer ours
  answer held "$(cat lock)"
  ;;`,
)}
steward_now=$(date +%s)
${askLock('take')}
${tellLock(takenNonce(nonce))}
case $steward_said in taken* | renewed* | over*) ;; *) exit 0 ;; esac`

/** Shell text after `takeLock` and a wait: ends the script if the lock is not this run's any more. */
export const keepLock = (nonce: string): string => `${askLock('check')}
if [ "$steward_said" != ours ]; then
${tellLock(lostNonce(nonce))}
exit 0
fi`

/** A condition in shell text, after `takeLock`. */
export const holdsLock = '[ "$(steward_lock check </dev/null)" = ours ]'

/** Frames of their own, so that who reads the script's other output need not know of them. */
const takenNonce = (nonce: string): string => `${nonce}lock`
const lostNonce = (nonce: string): string => `${nonce}lost`

/** Left: the script did not come to the lock, or its answer is cut. */
export const readLock = (nonce: string, output: string): E.Either<string, LockTaking> => {
  const lost = readSaid(lostNonce(nonce), output)
  if (E.isRight(lost)) {
    const { word, text } = lost.right
    return E.right({ _tag: 'Lost', to: word === 'held' ? readContent(text) : null })
  }
  return readAnswer<LockTaking>(takenNonce(nonce), output, {
    ...notDone,
    taken: () => ({ _tag: 'Taken' }),
    renewed: () => ({ _tag: 'Renewed' }),
    over: text => ({ _tag: 'TakenOver', from: readContent(text) }),
    held: text => ({ _tag: 'Held', by: readContent(text) }),
  })
}

/** A whole script: removes the lock if it is this run's. */
export const releaseScript = (nonce: string, claim: LockClaim): string => `{
${lockFunction(
  nonce,
  `release)
  go_to_lock look
  take_turn
  [ -e lock ] || answer none
  grep -qxF -e ${runLine(claim)} lock || answer other "$(cat lock)"
  printf 'released\\n'
  exec rm -f lock "$turn"
  ;;`,
)}
${askLock('release')}
${tellLock(nonce)}
exit 0
}
`

export const readRelease = (nonce: string, output: string): E.Either<string, LockRelease> =>
  readAnswer<LockRelease>(nonce, output, {
    ...notDone,
    released: () => ({ _tag: 'Released' }),
    none: () => ({ _tag: 'NotThere' }),
    other: text => ({ _tag: 'NotOurs', by: readContent(text) }),
  })

const runLine = ({ run }: LockClaim): string => shellWord(`run ${oneLine(run)}`)
