/** `steward sudoers`: what an administrator has to allow; nothing is connected to. */
import { userInfo } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import { sudoersFor } from '../decide/sudoers.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { toJson } from '../report/json.js'
import { sudoersText } from '../report/sudoers.js'
import { refuse } from './common.js'
import { type InputOptions, readStatus } from './input.js'

type SudoersOptions = InputOptions & Readonly<{ catalog?: readonly string[]; json?: true }>

export const sudoersCommand = async (options: SudoersOptions): Promise<ExitCode> => {
  const expansion = readStatus(options.catalog ?? [], options)
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const needs = sudoersFor(expansion.right, userInfo().username)
  if (options.json) console.log(toJson(needs))
  else process.stdout.write(sudoersText(needs))
  return exitCodes.ok
}
