/** `steward check`: is everything there that a run needs of these hosts? */
import * as E from 'fp-ts/lib/Either.js'
import { hide, redactionsFor } from '../api/hiding.js'
import { isSound, isUnreached } from '../model/check.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { checkLines } from '../report/check.js'
import { toJson } from '../report/json.js'
import { checkHosts } from '../run/check.js'
import { askForAccess } from './access.js'
import { type CommonOptions, refuse, style } from './common.js'
import { contextFor } from './context.js'
import { hidingScreen } from './hiding-screen.js'
import { readCheck } from './input.js'
import { silentScreen } from './screen.js'
import { filesWithVault } from './vault-keys.js'

export const checkCommand = async (
  options: CommonOptions & Readonly<{ catalog?: readonly string[] }>,
): Promise<ExitCode> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, options)
  const expansion = readCheck(options.catalog ?? [], { ...options, files: files.right })
  if (E.isLeft(expansion)) return refuse(expansion.left, options)
  const access = await askForAccess(expansion.right, options)
  if (E.isLeft(access)) return refuse(access.left, options)
  const screen = hidingScreen(silentScreen, redactionsFor(expansion.right, access.right))
  const checked = await checkHosts(expansion.right, contextFor(options, access.right, screen))
  const checks = hide(checked, expansion.right, access.right)
  console.log(options.json ? toJson(checks) : checkLines(checks, style()).join('\n'))
  if (checks.some(isUnreached)) return exitCodes.unreachable
  return checks.every(isSound) ? exitCodes.ok : exitCodes.failed
}
