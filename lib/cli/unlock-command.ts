/** `steward unlock`: shows whose lock is on a host, and removes it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Become } from '../model/become.js'
import { type ExitCode, exitCodes } from '../model/exit-code.js'
import { toJson } from '../report/json.js'
import { removalLine, shownLockLines } from '../report/lock.js'
import { printable } from '../report/printable.js'
import { unlockHost } from '../run/unlock.js'
import { askForAccess } from './access.js'
import { type CommonOptions, refuse } from './common.js'
import { contextFor } from './context.js'
import { readHosts } from './input.js'
import { silentScreen } from './screen.js'
import { filesWithVault } from './vault-keys.js'

type UnlockOptions = CommonOptions & Readonly<{ force?: true }>

/** Without `force`, a lock whose holder lives, or may live, is shown and left alone. */
export const unlockCommand = async (host: string, options: UnlockOptions): Promise<ExitCode> => {
  const files = await filesWithVault(options)
  if (E.isLeft(files)) return refuse(files.left, options)
  const hosts = readHosts([host], { ...options, files: files.right })
  if (E.isLeft(hosts)) return refuse(hosts.left, options)
  const [route, ...more] = hosts.right.routes
  if (route === undefined || more.length > 0) {
    return refuse([{ _tag: 'BadUsage', reason: `${host} is ${more.length + 1} hosts; unlock takes one` }], options)
  }
  const access = await askForAccess(hosts.right, options)
  if (E.isLeft(access)) return refuse(access.left, options)
  const mayRemove = ({ isDead }: { isDead: boolean }) => isDead || options.force === true
  const as = holderOf(hosts.right.lookAs.get(route[0]) ?? null, options.becomeUser)
  const context = contextFor(options, access.right, silentScreen)
  const unlocked = await unlockHost(route[0], route[1], mayRemove, context, as)
  if (E.isLeft(unlocked)) {
    console.error(printable(`steward: ${host} could not be looked at: ${unlocked.left}`))
    return exitCodes.unreachable
  }
  const { shown, removal } = unlocked.right
  if (options.json) console.log(toJson({ host, shown, removal }))
  else {
    console.log(shownLockLines(host, shown).join('\n'))
    if (removal !== null) console.log(removalLine(host, removal))
    else if (shown._tag === 'Shown') console.log('  it was left alone; --force removes it all the same')
  }
  if (shown._tag === 'NotThere' || removal?._tag === 'Removed' || removal?._tag === 'NotThere') return exitCodes.ok
  return shown._tag === 'Shown' && removal === null ? exitCodes.locked : exitCodes.failed
}

/** Whoever acts on a host has a lock of their own, and the inventory need not say who that is. */
const holderOf = (ofHost: Become | null, user: string | undefined): Become | null =>
  user === undefined ? ofHost : { method: ofHost?.method ?? 'sudo', user, password: ofHost?.password ?? null }
