/** `ss -lntp` of iproute2: State Recv-Q Send-Q Local:Port Peer:Port users:((…)). */
import * as E from 'fp-ts/lib/Either.js'
import { splitAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'

export const parseSs = (text: string): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '' || /^State\s/.test(line)) continue
    const match = /^LISTEN\s+\d+\s+\d+\s+(\S+)\s+\S+\s*(.*)$/s.exec(line)
    const local = match === null ? null : splitAddress(match[1] ?? '')
    if (match === null || local === null) return E.left(`ss printed a line that is no socket: "${line.slice(0, 80)}"`)
    listeners.push({ ...local, owners: ownersOf((match[2] ?? '').trim()) })
  }
  return E.right(listeners)
}

/**
 * `users:(("java",pid=7159,fd=46),("java",pid=7160,fd=46))`. ss does not escape names, and a process that calls itself
 * `x",pid=1,fd=3` seems to be two: a quote inside a name makes the owner unknown. So does a comma, as what stands between
 * two real names holds some: in the 15 bytes that a name may have (proc(5), comm) nothing can then pass for two.
 */
const ownersOf = (users: string): readonly number[] | null => {
  if (!/^users:\((?:\("[^",]*",pid=\d+,fd=\d+\),?)+\)$/.test(users)) return null
  const owners = [...users.matchAll(/\("[^",]*",pid=(\d+),fd=\d+\)/g)].map(match => Number(match[1]))
  return [...new Set(owners)]
}
