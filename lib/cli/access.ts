/** What a person has to say before the first connection: a password, and the passphrases of keys. */
import { userInfo } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblems } from '../model/problem.js'
import type { Secret } from '../model/secret.js'
import { type LockedKey, lockedKeys, type SshOptions, type UnlockedKey } from '../remote/ssh.js'
import { warningLines } from '../report/problems.js'
import { askHidden } from './ask-hidden.js'
import type { ReachOptions } from './reach-options.js'

export type AccessOptions = Readonly<{ hostKey: 'strict' | 'accept-new'; askPass?: true }>

/** Everything it takes to log in. */
export type Access = SshOptions & Readonly<{ password: Secret | null }>

/** Asks once for all hosts, and first says what of the inventory is not honoured. */
export const askForAccess = async (
  { routes, warnings = [] }: Expansion,
  { hostKey, askPass, transport }: AccessOptions & Pick<ReachOptions, 'transport'>,
): Promise<E.Either<InputProblems, Access>> => {
  for (const line of warningLines(warnings)) console.error(`steward: ${line}`)
  const overSsh = [...routes.values()].flatMap(route => (route._tag === 'Ssh' ? [route] : []))
  const byUs = overSsh.filter(({ client = transport }) => client !== 'openssh')
  if (askPass && overSsh.length > 0 && byUs.length === 0)
    return refused('-k asks for a password, and OpenSSH is given none: it takes keys, best from an agent (ssh-add)')
  const password = askPass && byUs.length > 0 ? await askHidden('SSH password: ') : null
  if (askPass && byUs.length > 0 && password === null)
    return refused('-k asks for a password, and there is no terminal to ask on')
  const access: Access = { ...login(), hostKeys: hostKey, password }
  const unlockedKeys = new Map<string, UnlockedKey>()
  if (!mayAsk()) return E.right(access)
  for (const locked of await lockedKeys(byUs, access)) {
    const key = await askForKey(locked)
    if (key === 'wrong') return refused(`the passphrase for ${locked.path} was wrong ${triesForKey} times`)
    if (key !== null) unlockedKeys.set(locked.path, key)
  }
  return E.right({ ...access, unlockedKeys })
}

const refused = (reason: string): E.Left<InputProblems> => ({ _tag: 'Left', left: [{ _tag: 'BadUsage', reason }] })

/** Somebody sits there and reads what is asked: in a pipe or a CI job nobody would ever answer. */
const mayAsk = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true && process.env['CI'] === undefined

const triesForKey = 3

/** Null: nothing was typed, so it is to be done without this key. */
const askForKey = async ({ path, unlock }: LockedKey): Promise<UnlockedKey | 'wrong' | null> => {
  for (let tries = 1; tries <= triesForKey; tries += 1) {
    const passphrase = await askHidden(`${tries === 1 ? 'P' : 'Wrong; p'}assphrase for ${path} (Enter leaves it out): `)
    if (passphrase === null || passphrase.reveal() === '') return null
    const key = unlock(passphrase)
    if (key !== null) return key
  }
  return 'wrong'
}

/** `HOME` is where a user may point elsewhere; the password database is where it comes from otherwise. */
const login = () => {
  const { username, homedir } = userInfo()
  const { HOME, SSH_AUTH_SOCK } = process.env
  return { user: username, home: HOME || homedir, agentSocket: SSH_AUTH_SOCK || null }
}
