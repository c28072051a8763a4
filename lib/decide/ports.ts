/** Who holds the ports that an instance should listen on. */
import { compact } from '../model/compact.js'
import type { ListenAddress } from '../model/listen-address.js'
import type { Listener, Process } from '../model/observation.js'
import type { PortEvidence } from '../model/verdict.js'

/** `strays` are owners that the process table does not know: it and the sockets were not seen at the same moment. */
export type PortLook = Readonly<{ evidence: PortEvidence; strays: readonly number[] }>

export const lookAtPort = (
  wanted: ListenAddress,
  listeners: readonly Listener[],
  own: readonly Process[],
  byPid: ReadonlyMap<number, Process>,
): PortLook => {
  const there = listeners.filter(({ port, address }) => port === wanted.port && covers(address, wanted.address))
  const [held, strangers, strays] = [[] as Process[], [] as Process[], [] as number[]]
  for (const pid of new Set(there.flatMap(({ owners }) => owners ?? []))) {
    const holder = byPid.get(pid)
    if (holder === undefined) strays.push(pid)
    else if (descendsFrom(holder, own, byPid)) held.push(holder)
    else strangers.push(holder)
  }
  const evidence: PortEvidence = {
    wanted,
    open: there.length > 0,
    own: compact(held),
    strangers: compact(strangers),
    hidden: there.some(({ owners }) => owners === null),
  }
  return { evidence, strays }
}

const covers = (listening: string, wanted: string | null): boolean =>
  wanted === null || listening === '*' || listening === wanted

/** A port may be held by a child that looks unlike its parent: still the service's own. */
const descendsFrom = (process: Process, own: readonly Process[], byPid: ReadonlyMap<number, Process>): boolean => {
  let here: Process | undefined = process
  // No line of parents is longer, but one that leads round.
  for (let steps = 0; here !== undefined && steps <= byPid.size; steps += 1) {
    const { pid, ppid }: Process = here
    if (own.some(one => one.pid === pid)) return true
    here = byPid.get(ppid)
  }
  return false
}
