/** How to get to a host, from its `ansible_*` variables. */
import * as E from 'fp-ts/lib/Either.js'
import type { Host, Route } from '../model/inventory.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { placeOf, resolveVariable } from './variables.js'

const defaultPort = '22'

export const routeOf = (host: Host): E.Either<readonly InputProblem[], Route> => {
  const problems: InputProblem[] = []
  const at = (name: string): SourcePos => {
    const variable = host.variables.get(name)
    return variable === undefined ? host.at : placeOf(variable)
  }
  const value = (name: string): string | null => {
    if (!host.variables.has(name)) return null
    const resolved = resolveVariable(host, name, { parts: [], at: at(name) })
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
  check('ansible_connection', 'local or ssh', connection, connection === 'local' || connection === 'ssh')
  const port = value('ansible_port') ?? defaultPort
  check(
    'ansible_port',
    'a port (1 to 65535)',
    port,
    /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535,
  )
  const address = value('ansible_host') ?? host.name
  check('ansible_host', 'an address or a name', address, /^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$/.test(address))
  const user = value('ansible_user')
  const keyFile = value('ansible_ssh_private_key_file')
  if (problems.length > 0) return E.left(problems)
  return E.right(
    connection === 'local' ? { _tag: 'Local' } : { _tag: 'Ssh', address, port: Number(port), user, keyFile },
  )
}
