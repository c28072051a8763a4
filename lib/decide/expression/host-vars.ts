/** `hostvars['web1'].port`: a variable of another host, worked out with that host's own, as Ansible does. */
import type { SourcePos } from '../../model/place.js'
import type { Variable } from '../../model/template.js'
import { kindOfValue, type Value } from '../../model/value.js'
import { EvaluationFault, fail } from './fault.js'
import { lookUp, Missing, type Peers, type Scope, scopeOf } from './scope.js'

/** `evaluate` makes a value of what is written, in the scope of the host it is of. */
export const variableOfHost = (
  hosts: Peers,
  [host, hostAt]: readonly [Value, SourcePos],
  [name, at]: readonly [Value, SourcePos],
  scope: Scope,
  evaluate: (variable: Variable, scope: Scope) => Value,
): Value | Missing => {
  if (typeof host !== 'string') return fail(hostAt, `a host has a name, and this is ${kindOfValue(host)}`)
  if (typeof name !== 'string') return fail(at, `a variable has a name, and this is ${kindOfValue(name)}`)
  const peer = peerOf(host, hosts, scope)
  if (peer === undefined) {
    return new Missing({ _tag: 'UnknownHost', at: hostAt, pattern: host, known: [...hosts.keys()] })
  }
  const before = peer.above.length
  peer.secrets.touched = false
  try {
    const value = lookUp(peer, name, at, variable => evaluate(variable, peer))
    if (peer.secrets.touched) scope.secrets.touched = true
    return value
  } catch (error) {
    if (error instanceof EvaluationFault) peer.above.length = before
    throw error
  }
}

/** Whoever asks from one scope asks the same one; what it costs and what has to be hidden of it is that scope's. */
const peerOf = (host: string, hosts: Peers, scope: Scope): Scope | undefined => {
  const known = scope.peers.get(host)
  const found = hosts.get(host)
  if (known !== undefined || found === undefined) return known
  const { peers, spent, redactions } = scope
  const secrets = { names: new Set<string>(), texts: scope.secrets.texts, touched: false }
  const peer: Scope = { ...scopeOf(found, hosts), peers, spent, redactions, secrets }
  peers.set(host, peer)
  return peer
}
