/** The passwords that the inventory has of a host. */
import * as E from 'fp-ts/lib/Either.js'
import type { InputProblem } from '../model/problem.js'
import { Secret } from '../model/secret.js'
import { forPasswords, placeOf, type Scope } from './expression/scope.js'
import { resolveVariable } from './variables.js'

/** Of several, the one that counts in Ansible: the last one of its own list. */
const names = {
  login: ['ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password'],
  become: ['ansible_become_pass', 'ansible_become_password'],
} as const

/** A bare number is refused: `0123` is read as another one, and a wrong password may lock an account. */
export const passwordOf = (scope: Scope, what: keyof typeof names): E.Either<InputProblem, Secret | null> => {
  const name = names[what].find(each => scope.variables.has(each)) ?? ''
  const variable = scope.variables.get(name)
  if (variable === undefined) return E.right(null)
  const at = placeOf(variable)
  const wrong = (expected: string, found: string) =>
    E.left<InputProblem>({ _tag: 'BadValue', at, expected: `${expected} in ${name}`, found, host: scope.host })
  if (variable._tag === 'Plain' && variable.value !== null)
    return wrong('text in quotes', typeof variable.value === 'number' ? 'a number' : 'yes or no')
  const text = resolveVariable(forPasswords(scope), name, at)
  if (E.isLeft(text)) return text
  if (text.right === '') return E.right(null)
  return /^[^\n\r\0]+$/.test(text.right)
    ? E.right(new Secret(text.right))
    : wrong('a password on one line', 'another text')
}
