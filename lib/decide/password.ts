/** The password that the inventory has for logging in to a host. */
import * as E from 'fp-ts/lib/Either.js'
import type { Host } from '../model/inventory.js'
import type { InputProblem } from '../model/problem.js'
import { Secret } from '../model/secret.js'
import { placeOf, resolveVariable } from './variables.js'

/** Of several, the one that counts in Ansible: the last one of its own list. */
const names = ['ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password']

/** A bare number is refused: `0123` is read as another one, and a wrong password may lock an account. */
export const passwordOf = (host: Host): E.Either<InputProblem, Secret | null> => {
  const name = names.find(each => host.variables.has(each)) ?? ''
  const variable = host.variables.get(name)
  if (variable === undefined) return E.right(null)
  const at = placeOf(variable)
  if (variable._tag === 'Plain' && variable.value !== null) {
    const found = typeof variable.value === 'number' ? 'a number' : 'yes or no'
    return E.left({ _tag: 'BadValue', at, expected: `text in quotes in ${name}`, found, host: host.name })
  }
  return E.map((text: string) => (text === '' ? null : new Secret(text)))(
    resolveVariable(host, name, { parts: [], at }),
  )
}
