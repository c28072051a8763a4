/** What an inventory asks for and steward does not do, where whoever wrote it may count on it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Host } from '../model/inventory.js'
import type { InputWarning } from '../model/problem.js'
import { placeOf, resolveVariable } from './variables.js'

/** What turns the check of host keys off in Ansible. */
const checkings = ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']

/** The words for no that Ansible knows. */
const isNo = (text: string): boolean => /^(no|n|false|f|off|0|0\.0)$/i.test(text)

export const unhonouredBy = (host: Host): readonly InputWarning[] =>
  checkings.flatMap(name => {
    const variable = host.variables.get(name)
    if (variable === undefined) return []
    const at = placeOf(variable)
    const value = resolveVariable(host, name, { parts: [], at })
    if (E.isRight(value) && !isNo(value.right)) return []
    const what = `${name} turns nothing off: host keys are always checked; --host-key accept-new writes down new ones`
    return [{ at, what }]
  })
