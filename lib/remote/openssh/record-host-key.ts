/** A key that ssh took for that of a new host becomes known here, in the way that the other transport's do. */
import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import type { RemoteError } from '../../model/remote-error.js'
import { readKnownHosts } from '../known-hosts.js'
import type { Limits } from '../limits.js'
import type { Destination } from '../ssh/destination.js'
import { type OnRecorded, readHostKeys } from '../ssh/host-keys.js'
import type { Master } from './master.js'

/** ssh has written it into a file of the master's own, and knows no lock. The master is closed where it is refused. */
export const recordHostKey = async (
  master: Master,
  { settings, login }: Destination,
  oneByOne: Limits['oneByOne'],
  onRecorded: OnRecorded,
): Promise<E.Either<RemoteError, Master>> => {
  const [line] = readKnownHosts(master.newKeys, await readFile(master.newKeys, 'utf8').catch(() => ''))
  if (line === undefined || line.key === null) return E.right(master)
  const { settle } = await readHostKeys(settings, login, oneByOne, onRecorded)
  const refusal = await settle(line.key)
  if (refusal === null) return E.right(master)
  await master.close()
  return E.left(refusal)
}
