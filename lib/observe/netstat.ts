/** `netstat -lntpW` of net-tools and BusyBox: Proto Recv-Q Send-Q Local Foreign State PID/Program. */
import * as E from 'fp-ts/lib/Either.js'
import { splitAddress } from '../model/address.js'
import type { Listener } from '../model/observation.js'

/** The pid comes before the name, so that no name can stand in for it; `-` is an owner hidden from this login. */
export const parseNetstat = (text: string): E.Either<string, readonly Listener[]> => {
  const listeners: Listener[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '' || /^(Active |Proto )/.test(line)) continue
    const match = /^tcp[46]*\s+\d+\s+\d+\s+(\S+)\s+\S+\s+LISTEN(?:\s+(?:(\d+)\/.*|-))?\s*$/s.exec(line)
    const local = match === null ? null : splitAddress(match[1] ?? '')
    if (match === null || local === null) {
      return E.left(`netstat printed a line that is no socket: "${line.slice(0, 80)}"`)
    }
    listeners.push({ ...local, owners: match[2] === undefined ? null : [Number(match[2])] })
  }
  return E.right(listeners)
}
