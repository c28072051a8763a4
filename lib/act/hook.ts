/** The script of a hook: a command that is left out where another one says that there is nothing to do. */
import * as E from 'fp-ts/lib/Either.js'
import { frameFunctions, readFrame, type Section } from '../model/frame.js'
import type { LockClaim } from '../model/lock.js'
import type { Printed } from '../model/printed.js'
import { runFunctions, setLimit } from '../model/run-apart.js'
import { shellWord } from '../model/shell.js'
import { printOutput, readOutput } from './launch.js'
import { takeLock } from './lock.js'

/** `LeftOut`: its `unless` had ended with 0. */
export type HookResult = Readonly<{ _tag: 'LeftOut' }> | (Readonly<{ _tag: 'Ran'; code: number }> & Printed)

/** `endAfterSeconds`: one that only asks is ended then, and has answered 124; a hook goes on for as long as it likes. */
type Commands = Readonly<{ command: string; unless: string | null; endAfterSeconds?: number }>

export const hookScript = (
  nonce: string,
  { command, unless, endAfterSeconds }: Commands,
  lock: LockClaim | null,
): string => `{
${lock === null ? '' : `${takeLock(nonce, lock)}\n`}${frameFunctions(nonce)}
${runFunctions(nonce)}
frame begin
section unless sh
${unless === null ? 'ended 1' : `run ${shellWord(unless)}\nended $?`}
if [ "$code" != 0 ]; then
${endAfterSeconds === undefined ? '' : setLimit(endAfterSeconds)}
section hook sh
run ${shellWord(command)}${endAfterSeconds === undefined ? '' : ' "$limit"'}
result=$?
${printOutput}
fi
frame end
exit 0
}
`

export const readHook = (nonce: string, output: string): E.Either<string, HookResult> =>
  E.map((sections: readonly Section[]): HookResult => {
    const at = sections.findIndex(({ name }) => name === 'hook')
    const hook = sections[at]
    return hook === undefined ? { _tag: 'LeftOut' } : { _tag: 'Ran', code: hook.code, ...readOutput(sections, at) }
  })(readFrame(nonce, output))
