/** What an inventory asks for and steward does not do, where whoever wrote it may count on it. */
import * as E from 'fp-ts/lib/Either.js'
import { becomeMethods } from '../model/become.js'
import type { InputWarning } from '../model/problem.js'
import { yesOrNo } from '../model/yes-or-no.js'
import { placeOf, type Scope } from './expression/scope.js'
import { resolveVariable } from './variables.js'

/** What turns the check of host keys off in Ansible. */
const checkings = ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']

/** How sudo, doas and su are called, and names that count for one of them alone. */
const ofBecome = ['become', ...becomeMethods].flatMap(of => ['exe', 'flags'].map(what => `ansible_${of}_${what}`))
const othersOf = becomeMethods.flatMap(of => ['user', 'pass'].map(what => `ansible_${of}_${what}`))
const unheeded = [...ofBecome, ...othersOf]

export const unhonouredBy = (scope: Scope, overSsh: boolean): readonly InputWarning[] => [
  ...(overSsh ? uncheckedKeys(scope) : []),
  ...unheeded.flatMap((name): InputWarning[] => {
    const variable = scope.variables.get(name)
    if (variable === undefined) return []
    return [{ at: placeOf(variable), what: `${name} is not heeded: ${insteadOf(name)}` }]
  }),
]

const insteadOf = (name: string): string => {
  if (name.endsWith('_user')) return 'whom to become is said by ansible_become_user'
  if (name.endsWith('_pass')) return 'the password is that of ansible_become_password'
  return 'sudo, doas and su are called by their names, with options of our own'
}

const uncheckedKeys = (scope: Scope): readonly InputWarning[] =>
  checkings.flatMap(name => {
    const variable = scope.variables.get(name)
    if (variable === undefined) return []
    const at = placeOf(variable)
    const value = resolveVariable(scope, name, at)
    if (E.isRight(value) && yesOrNo(value.right) !== false) return []
    const what = `${name} turns nothing off: host keys are always checked; --host-key accept-new writes down new ones`
    return [{ at, what }]
  })
