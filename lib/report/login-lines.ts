/** How a login went, for whoever wants to know why it did so. */
import type { RunEvent } from '../model/event.js'
import { printable } from './printable.js'

/** The first says what came of it, the others how. */
export const loginLines = (event: Extract<RunEvent, { _tag: 'LoginTried' }>): readonly string[] => {
  const { host, client, address, port, user, through, reachedMs, tookMs, failed } = event
  const way = through === null ? '' : `, through ${through}`
  const reached = reachedMs === null ? '' : `, reached after ${reachedMs} ms`
  const came = failed === null ? 'logged in' : `not logged in: ${failed}`
  const details = [hostLine(event), ...event.tried.map(one => `${one.with}: ${one.outcome}`)]
  return [
    `[${host}] ${client}: ${user}@${address} port ${port}${way}: ${came} (${tookMs} ms${reached})`,
    ...details.flatMap(line => (line === '' ? [] : [`  ${line}`])),
  ].map(printable)
}

const hostLine = ({
  hostKey,
  negotiated,
  software,
}: Pick<Extract<RunEvent, { _tag: 'LoginTried' }>, 'hostKey' | 'negotiated' | 'software'>): string => {
  const key = hostKey === null ? [] : [`host key ${hostKey.keyType} ${hostKey.fingerprint}`, foundIn(hostKey.foundAt)]
  const ways = negotiated === null ? [] : [negotiated.kex, negotiated.hostKey, negotiated.cipher, negotiated.mac ?? []]
  return [...key, software ?? [], ...ways].flat().join(', ')
}

const foundIn = (place: string | null): string => (place === null ? 'in no known_hosts before' : `in ${place}`)
