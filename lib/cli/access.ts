/** What a person has to say before the first connection: passwords, and the passphrases of keys. */
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { login } from '../api/here.js'
import { type AskPassphrase, unlockKeys } from '../api/unlock-keys.js'
import type { Expansion } from '../model/playbook.js'
import type { InputProblems } from '../model/problem.js'
import type { Secret } from '../model/secret.js'
import type { SshOptions } from '../remote/ssh.js'
import { warningLines } from '../report/problems.js'
import { askHidden } from './ask-hidden.js'
import { type PasswordOptions, readBecomePassword, readLoginPassword } from './password-file.js'
import type { ReachOptions } from './reach-options.js'

export type AccessOptions = Readonly<{ hostKey: 'strict' | 'accept-new' }> & PasswordOptions

/** Everything it takes to log in, and to become somebody else there. */
export type Access = SshOptions & Readonly<{ password: Secret | null; becomePassword: Secret | null }>

/** As it is written down with a run, and read again: what is asked for is asked for again. */
export const accessAsJournalled = (options: AccessOptions): Readonly<Record<string, string | boolean>> => ({
  'host-key': options.hostKey,
  'ask-pass': options.askPass === true,
  'ask-become-pass': options.askBecomePass === true,
  ...(options.connectionPasswordFile === undefined
    ? {}
    : { 'connection-password-file': resolve(options.connectionPasswordFile) }),
  ...(options.becomePasswordFile === undefined ? {} : { 'become-password-file': resolve(options.becomePasswordFile) }),
})

export const accessFromJournal = (more: Readonly<Record<string, unknown>>): AccessOptions => {
  const file = more['become-password-file']
  const ofLogin = more['connection-password-file']
  return {
    hostKey: more['host-key'] === 'accept-new' ? 'accept-new' : 'strict',
    ...(more['ask-pass'] === true ? { askPass: true } : {}),
    ...(more['ask-become-pass'] === true ? { askBecomePass: true } : {}),
    ...(typeof ofLogin === 'string' ? { connectionPasswordFile: ofLogin } : {}),
    ...(typeof file === 'string' ? { becomePasswordFile: file } : {}),
  }
}

/** Asks once for all hosts, and first says what of the inventory is not honoured. */
export const askForAccess = async (
  { routes, warnings = [] }: Expansion,
  options: AccessOptions & Pick<ReachOptions, 'transport'>,
): Promise<E.Either<InputProblems, Access>> => {
  for (const line of warningLines(warnings)) console.error(`steward: ${line}`)
  const { hostKey, askPass, transport } = options
  const overSsh = [...routes.values()].flatMap(route => (route._tag === 'Ssh' ? [route] : []))
  const byUs = overSsh.filter(({ client = transport }) => client !== 'openssh')
  if (askPass && overSsh.length > 0 && byUs.length === 0)
    return refused('-k asks for a password, and OpenSSH is given none: it takes keys, best from an agent (ssh-add)')
  const password = byUs.length > 0 ? await readLoginPassword(options) : E.right(null)
  if (E.isLeft(password)) return password
  const becomePassword = routes.size === 0 ? E.right(null) : await readBecomePassword(options)
  if (E.isLeft(becomePassword)) return becomePassword
  const access: Access = {
    ...login(),
    hostKeys: hostKey,
    password: password.right,
    becomePassword: becomePassword.right,
  }
  if (!mayAsk()) return E.right(access)
  const unlockedKeys = await unlockKeys(byUs, access, askPassphrase)
  return E.isLeft(unlockedKeys) ? unlockedKeys : E.right({ ...access, unlockedKeys: unlockedKeys.right })
}

const refused = (reason: string): E.Left<InputProblems> => ({ _tag: 'Left', left: [{ _tag: 'BadUsage', reason }] })

/** Somebody sits there and reads what is asked: in a pipe or a CI job nobody would ever answer. */
const mayAsk = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true && process.env['CI'] === undefined

const askPassphrase: AskPassphrase = (path, attempt) =>
  askHidden(`${attempt === 1 ? 'P' : 'Wrong; p'}assphrase for ${path} (Enter leaves it out): `)
