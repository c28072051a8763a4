/** What an inventory asks for and steward does not do, where whoever wrote it may count on it. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputWarning } from '../model/problem.js'
import { placeOf, type Scope } from './expression/scope.js'
import { resolveVariable } from './variables.js'
import { yesOrNo } from './yes-or-no.js'

/** What turns the check of host keys off in Ansible. */
const checkings = ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']

export const unhonouredBy = (scope: Scope): readonly InputWarning[] =>
  checkings.flatMap(name => {
    const variable = scope.variables.get(name)
    if (variable === undefined) return []
    const at = placeOf(variable)
    const value = resolveVariable(scope, name, at)
    if (E.isRight(value) && yesOrNo(value.right) !== false) return []
    const what = `${name} turns nothing off: host keys are always checked; --host-key accept-new writes down new ones`
    return [{ at, what }]
  })
