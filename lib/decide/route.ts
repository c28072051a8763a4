/** How to get to a host, from its `ansible_*` variables. */
import * as E from 'fp-ts/lib/Either.js'
import type { Host, Route } from '../model/inventory.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { placeOf, type Scope, scopeOf } from './expression/scope.js'
import { passwordOf } from './password.js'
import { readSshArguments } from './ssh-arguments.js'
import { resolveVariable } from './variables.js'

export const routeOf = (host: Host, scope: Scope = scopeOf(host)): E.Either<readonly InputProblem[], Route> => {
  const problems: InputProblem[] = []
  const at = (name: string): SourcePos => {
    const variable = host.variables.get(name)
    return variable === undefined ? host.at : placeOf(variable)
  }
  const value = (name: string): string | null => {
    if (!host.variables.has(name)) return null
    const resolved = resolveVariable(scope, name, at(name))
    if (E.isRight(resolved)) return resolved.right
    problems.push(resolved.left)
    return null
  }
  const check = (name: string, expected: string, found: string, isRight: boolean): void => {
    if (isRight) return
    const what = `${expected} in ${name}`
    problems.push({ _tag: 'BadValue', at: at(name), expected: what, found: `"${found}"`, host: host.name })
  }

  const connection = value('ansible_connection') ?? 'ssh'
  check('ansible_connection', 'local, ssh or ssh-cli', connection, ['local', 'ssh', 'ssh-cli'].includes(connection))
  const port = value('ansible_port')
  check(
    'ansible_port',
    'a port (1 to 65535)',
    port ?? '',
    port === null || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535),
  )
  const address = value('ansible_host') ?? host.name
  check('ansible_host', 'an address or a name', address, /^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$/.test(address))
  const user = value('ansible_user')
  const keyFile = value('ansible_ssh_private_key_file')
  const more = ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].map(name => {
    const written = value(name)
    if (written === null) return { sshOptions: [] }
    const read = readSshArguments(written)
    if (E.isRight(read)) return read.right
    problems.push({ _tag: 'BadTemplate', at: at(name), reason: `${name} of ${host.name}: ${read.left}` })
    return { sshOptions: [] }
  })
  const found = passwordOf(scope, 'login')
  if (E.isLeft(found)) problems.push(found.left)
  const password = E.isRight(found) && found.right !== null ? { password: found.right } : {}
  if (problems.length > 0) return E.left(problems)
  if (connection === 'local') return E.right({ _tag: 'Local' })
  const sshOptions = more.flatMap(({ sshOptions }) => sshOptions)
  const configFile = more.find(({ configFile }) => configFile !== undefined)?.configFile
  return E.right({
    _tag: 'Ssh',
    address,
    port: port === null ? null : Number(port),
    user,
    keyFile,
    ...password,
    ...(sshOptions.length === 0 ? {} : { sshOptions }),
    ...(configFile === undefined ? {} : { configFile }),
    ...(connection === 'ssh-cli' ? { client: 'openssh' } : {}),
  })
}
