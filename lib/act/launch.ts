/** The script that starts or stops something: it looks, asks whether to go on, launches, and tells what came of it. */
import * as E from 'fp-ts/lib/Either.js'
import { frameFunctions, goAhead, question, readFrame, type Section } from '../model/frame.js'
import type { LockClaim } from '../model/lock.js'
import type { Launch } from '../model/plan.js'
import { type Printed, printedOf } from '../model/printed.js'
import { runFunctions } from '../model/run-apart.js'
import { shellWord } from '../model/shell.js'
import { holdsLock, keepLock, takeLock } from './lock.js'

/** What one command came to. What it printed is reported, and never believed. */
export type LaunchResult = Readonly<{ what: string; wasLaunched: boolean; code: number }> & Printed

/**
 * `look` defines `steward_look`, which prints what runs right now. The script then waits for the one word that lets it
 * go on; whoever reads the look gives it only if nothing has moved since the plan. A lost link, any other word or none:
 * nothing is launched.
 *
 * Each command runs in a session of its own, with nothing on its stdin and its output in a private file: a daemon that
 * keeps its descriptors open holds neither the connection nor this script. It runs in the login's own environment.
 *
 * A script that nobody listens to any more runs on; so it keeps the deadline itself, and launches nothing after it. Its
 * clock counts whole seconds: of two readings that differ by one, the moments may be next to each other.
 *
 * With a `lock` all of this happens under it (`readLock` tells what came of that): where it cannot be had nothing is
 * looked at, and where it has passed to another meanwhile nothing more is launched.
 */
export const launchScript = (
  nonce: string,
  look: string,
  launches: readonly Launch[],
  deadlineMs: number,
  lock: LockClaim | null = null,
): string => `{
${lock === null ? 'began=$(date +%s)' : `${takeLock(nonce, lock)}\nbegan=$steward_now`}
${look}
steward_look </dev/null
asked=$(date +%s)
printf '%s\\n' '${question(nonce)}'
# While the word is on its way.
${frameFunctions(nonce)}
${runFunctions(nonce)}
prepare
read -r answer
[ "$answer" = '${goAhead(nonce)}' ] || exit 0
answered=$(date +%s) now=
${lock === null ? '' : `${keepLock(nonce)}\n`}# What was seen is no longer what is so when the word was long on its way.
late() {
  [ -n "$now" ] && now=$(date +%s) || now=$answered
  [ $((answered - asked)) -gt ${maxAnswerSeconds} ] || [ $((now - began)) -ge ${Math.max(2, Math.floor(deadlineMs / 1000))} ]
}
frame begin
${launches.map((launch, i) => launchOne(launch, lock !== null && i > 0)).join('\n')}
frame end
exit 0
}
`

const maxAnswerSeconds = 10

/** Every command has a file of its own, as a daemon may go on writing to it. */
const launchOne = ({ command }: Launch, isUnderLock: boolean): string => `if late; then
section launch none
echo 'not launched: by the clock of the host it was too late'
ended ${notLaunched}
${isUnderLock ? `elif ! ${holdsLock}; then\nsection launch none\necho 'not launched: the lock of the host has passed to another run'\nended ${notLaunched}\n` : ''}else
section launch sh
run ${shellWord(command)}
result=$?
${printOutput}
fi`

/** As of timeout(1). */
const notLaunched = 124

/** Enough for a stack trace, little enough for a screen. */
const outputTailBytes = 4096

/** Ends the section of a command that has left `result`; another one says how many newlines all its output has. */
export const printOutput = `tail -c ${outputTailBytes} <&4 2>/dev/null
ended $result
section newlines wc
wc -l <&5 2>/dev/null
ended $?`

/** What `printOutput` has printed of the section that is at `i`. */
export const readOutput = (sections: readonly Section[], i: number): Printed => {
  const after = sections[i + 1]
  const count = after?.name === 'newlines' ? /^\s*(\d{1,15})\s*$/.exec(after.body)?.[1] : undefined
  return printedOf(sections[i]?.body ?? '', outputTailBytes, count === undefined ? null : Number(count))
}

export const readLaunches = (
  nonce: string,
  launches: readonly Launch[],
  output: string,
): E.Either<string, readonly LaunchResult[]> => {
  const frame = readFrame(nonce, output)
  if (E.isLeft(frame)) return frame
  const results = frame.right.flatMap((section, i) =>
    section.name === 'launch' ? [{ ...section, ...readOutput(frame.right, i) }] : [],
  )
  if (results.length !== launches.length) return E.left('not every command was launched')
  return E.right(
    results.map(({ tool, code, output, before }, i) => ({
      what: launches[i]?.what ?? '',
      wasLaunched: tool !== 'none',
      code,
      output,
      before,
    })),
  )
}
