/** `steward sudoers`: what an administrator has to allow; nothing is connected to. */

import * as E from 'fp-ts/lib/Either.js'
import { sudoersFor } from '../decide/sudoers.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { ourselves } from '../remote/ourselves.js'
import { toJson } from '../report/json.js'
import { sudoersText } from '../report/sudoers.js'
import { refuse } from './common.js'
import { type InputOptions, readStatus } from './input.js'
import { filesWithVault, type VaultOptions } from './vault-keys.js'

type SudoersOptions = InputOptions & VaultOptions & Readonly<{ catalog?: readonly string[]; json?: true }>

export const sudoersCommand = async (options: SudoersOptions): Promise<ExitCode> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, options)
  const expansion = readStatus(options.catalog ?? [], { ...options, files: files.right })
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const needs = sudoersFor(expansion.right, ourselves().name)
  if (options.json) console.log(toJson(needs))
  else process.stdout.write(sudoersText(needs))
  return exitCodes.ok
}
