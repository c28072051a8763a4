/** The script that signals processes, each only after it has been proved to be the one that was observed. */
import * as E from 'fp-ts/lib/Either.js'
import { frameFunctions, readFrame } from '../model/frame.js'
import type { LockClaim } from '../model/lock.js'
import type { Watched } from '../model/plan.js'
import { shellWord } from '../model/shell.js'
import { takeLock } from './lock.js'

/** The boot is asked for once, for all of them. */
type Target = Pick<Watched, 'process' | 'args'>

export type SignalResult = Readonly<{ pid: number; outcome: 'sent' | 'gone' | 'another' | 'unproved' | 'refused' }>

const outcomes = ['sent', 'gone', 'another', 'unproved', 'refused'] as const

/**
 * Proof, in the same script and right before the signal: boot, start time, user, the file it runs and the declared
 * arguments, as /proc has them (proc(5)); one of the last two at least. No pattern is ever killed; pid 0, pid 1, this
 * script and those above it are refused. Where there is no /proc nothing can be proved, and nothing is signalled. With a
 * `lock`, nothing is without it either (`readLock`).
 */
export const signalScript = (
  nonce: string,
  signal: string,
  bootId: string | null,
  targets: readonly Target[],
  lock: LockClaim | null = null,
): string => `{
${lock === null ? '' : `${takeLock(nonce, lock)}\n`}${frameFunctions(nonce)}
PATH=/usr/bin:/bin:/usr/sbin:/sbin\${PATH:+:$PATH} LC_ALL=C
export PATH LC_ALL
boot=
[ -r /proc/sys/kernel/random/boot_id ] && read -r boot </proc/sys/kernel/random/boot_id
above=" 0 1 $$ "
up=$$
while [ "$up" -gt 1 ]; do
  stat=$(cat "/proc/$up/stat" 2>/dev/null) || break
  fields=\${stat##*\\) }
  set -- $fields
  up=\${2:-0}
  above="$above$up "
done
# prove PID TICKS UID EXE ARGUMENT...: an empty EXE was not seen.
prove() {
  pid=$1 ticks=$2 uid=$3 exe=$4 effective=
  shift 4
  case $above in *" $pid "*) return 4 ;; esac
  [ "$boot" = ${shellWord(bootId ?? '-')} ] || return 3
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
  fields=\${stat##*\\) }
  seen=$(ticks_of $fields)
  [ "$seen" != ended ] || return 1
  [ "$seen" = "$ticks" ] || return 2
  while read -r key real effective rest; do
    [ "$key" != Uid: ] || break
  done 2>/dev/null <"/proc/$pid/status"
  [ "$effective" = "$uid" ] || return 2
  if [ -n "$exe" ]; then
    runs=$(readlink "/proc/$pid/exe" 2>/dev/null) || return 3
    [ "\${runs% (deleted)}" = "$exe" ] || return 2
  fi
  for argument; do
    # A line for each argument; a newline in one is \\001 here.
    tr '\\000\\012' '\\012\\001' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -e "$argument" || return 2
  done
}
# The fields of /proc/PID/stat from the third on; a zombie (Z) has ended.
ticks_of() { [ "$1" = Z ] && echo ended || echo "\${20}"; }
frame begin
${targets.map(target => signalOne(signal, target)).join('\n')}
frame end
exit 0
}
`

const signalOne = (signal: string, { process: { pid, startTicks, uid, exe }, args }: Target): string => {
  if (startTicks === null || uid === null || (args.length === 0 && exe === null)) return 'section signal sh\nended 3'
  const proof = [
    pid,
    startTicks,
    uid,
    shellWord(exe ?? ''),
    ...args.map(arg => shellWord(arg.replaceAll('\n', '\u0001'))),
  ].join(' ')
  return `section signal sh
prove ${proof}
result=$?
[ "$result" != 0 ] || kill -${signal} ${pid} 2>/dev/null || { result=1; [ ! -e /proc/${pid} ] || result=3; }
ended $result`
}

export const readSignals = (
  nonce: string,
  targets: readonly Target[],
  output: string,
): E.Either<string, readonly SignalResult[]> => {
  const frame = readFrame(nonce, output)
  if (E.isLeft(frame)) return frame
  return E.right(
    targets.map(({ process: { pid } }, i) => ({
      pid,
      outcome: outcomes[frame.right[i]?.code ?? 3] ?? 'unproved',
    })),
  )
}
