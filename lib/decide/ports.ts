/** Who holds the ports that an instance should listen on. */
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
  const there = listeners.filter(listener => listener.port === wanted.port && covers(listener.address, wanted.address))
  const owners = [...new Set(there.flatMap(listener => listener.owners ?? []))]
  const ownPids = new Set(own.map(({ pid }) => pid))
  const known = owners.flatMap(pid => byPid.get(pid) ?? [])
  const evidence: PortEvidence = {
    wanted,
    open: there.length > 0,
    own: known.filter(process => descendsFrom(process, ownPids, byPid)),
    strangers: known.filter(process => !descendsFrom(process, ownPids, byPid)),
    hidden: there.some(listener => listener.owners === null),
  }
  return { evidence, strays: owners.filter(pid => !byPid.has(pid)) }
}

const covers = (listening: string, wanted: string | null): boolean =>
  wanted === null || listening === '*' || listening === wanted

/** A port may be held by a child that looks unlike its parent: still the service's own. */
const descendsFrom = (process: Process, own: ReadonlySet<number>, byPid: ReadonlyMap<number, Process>): boolean => {
  const seen = new Set<number>()
  let here: Process | undefined = process
  while (here !== undefined && !seen.has(here.pid)) {
    if (own.has(here.pid)) return true
    seen.add(here.pid)
    here = byPid.get(here.ppid)
  }
  return false
}
