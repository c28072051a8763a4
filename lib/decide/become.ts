/** As whom a service's scripts run on a host, and as whom the host is looked at. */
import * as E from 'fp-ts/lib/Either.js'
import { type Become, type BecomeMethod, type BecomeWish, becomeKey, becomeMethods } from '../model/become.js'
import type { HostService } from '../model/catalog.js'
import { groupBy } from '../model/group-by.js'
import type { HostName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Secret } from '../model/secret.js'
import type { Template } from '../model/template.js'
import { yesOrNo } from '../model/yes-or-no.js'
import { placeOf, type Scope } from './expression/scope.js'
import { passwordOf } from './password.js'
import { renderText, resolveVariable } from './variables.js'

/**
 * Each of the three by itself: what the service says, else what the host's `ansible_become*` variables say, else what
 * the play does, else what the command line does. Between these three that is Ansible's order. Null: as the login.
 */
export const becomeOn = (
  scope: Scope,
  service: BecomeWish<Template>,
  play: BecomeWish<Template>,
): E.Either<readonly InputProblem[], Become | null> => {
  const problems: InputProblem[] = []
  const wrong = (at: SourcePos, expected: string, found: string): null => {
    problems.push({ _tag: 'BadValue', at, expected, found, host: scope.host })
    return null
  }
  const text = (template: Template): string | null => {
    const filled = renderText(template, scope)
    if (E.isRight(filled)) return filled.right
    problems.push(filled.left)
    return null
  }
  const variable = (name: string): Readonly<{ value: string; at: SourcePos }> | null => {
    const written = scope.variables.get(name)
    if (written === undefined) return null
    const at = placeOf(written)
    const resolved = resolveVariable(scope, name, at)
    if (E.isRight(resolved)) return { value: resolved.right, at }
    problems.push(resolved.left)
    return null
  }

  const become = (): boolean | null => {
    const said = variable('ansible_become')
    return said === null
      ? null
      : (yesOrNo(said.value) ?? wrong(said.at, 'true or false in ansible_become', `"${said.value}"`))
  }
  const method = (): BecomeMethod | null => {
    const said = variable('ansible_become_method')
    const known = becomeMethods.find(one => one === said?.value)
    if (said === null || known !== undefined) return known ?? null
    return wrong(said.at, `${becomeMethods.join(', ')} in ansible_become_method`, `"${said.value}"`)
  }
  const checkedUser = (value: string | null, at: SourcePos, where: string): string | null =>
    value === null || userName.test(value) ? value : wrong(at, `a user's name in ${where}`, `"${value}"`)
  const userOf = ({ user }: BecomeWish<Template>): string | null =>
    user === null ? null : checkedUser(text(user), user.at, 'become_user')
  const hostUser = (): string | null => {
    const said = variable('ansible_become_user')
    return said === null ? null : checkedUser(said.value, said.at, 'ansible_become_user')
  }
  const password = (): Secret | null => {
    const found = passwordOf(scope, 'become')
    if (E.isRight(found)) return found.right
    problems.push(found.left)
    return null
  }

  // All are read, so that every mistake is found, whatever wins; but nobody has to open a vault for nothing.
  const [ofHost, ofHostUser, ofHostMethod] = [become(), hostUser(), method()]
  const [ofService, ofPlay] = [userOf(service), userOf(play)]
  const isWanted = service.become ?? ofHost ?? play.become ?? false
  const secret = isWanted ? password() : null
  if (problems.length > 0) return E.left(problems)
  if (!isWanted) return E.right(null)
  return E.right({
    method: service.method ?? ofHostMethod ?? play.method ?? 'sudo',
    user: ofService ?? ofHostUser ?? ofPlay ?? 'root',
    password: secret,
  })
}

/** It becomes an argument on the host: no option, no number (useradd(8); Active Directory's have more in them). */
const userName = /^[A-Za-z_][A-Za-z0-9_.@\\-]{0,255}$/

/**
 * One look has to show all services of a host, and root sees everything: so it is root if any of them becomes root. Else
 * it is whom the host's own variables name, else the only one that its services become, else the login.
 */
export const lookIdentity = (ofHost: Become | null, services: readonly HostService[]): Become | null => {
  if (ofHost === null && services.every(({ become }) => become === null)) return null
  const all = [ofHost, ...services.map(({ become }) => become)]
  const root = all.find(become => become?.user === 'root')
  if (root !== undefined) return root
  if (ofHost !== null) return ofHost
  const [first = null, ...others] = new Map(services.map(({ become }) => [becomeKey(become), become])).values()
  return others.length === 0 ? first : null
}

/** By host, and only where it is not the login. */
export const looksAs = (
  ofHosts: ReadonlyMap<HostName, Become | null>,
  services: readonly HostService[],
): ReadonlyMap<HostName, Become> => {
  const byHost = groupBy(services, ({ host }) => host)
  return new Map(
    [...ofHosts].flatMap(([host, ofHost]) => {
      const become = lookIdentity(ofHost, byHost.get(host) ?? [])
      return become === null ? [] : [[host, become] as const]
    }),
  )
}
