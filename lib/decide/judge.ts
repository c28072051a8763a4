/** The verdict on one service from one observation of its host. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService, Instance } from '../model/catalog.js'
import { compact } from '../model/compact.js'
import { showListenAddress } from '../model/listen-address.js'
import type { Observation, Process } from '../model/observation.js'
import { ownReason, quoting, type Reason, reason, toldReason } from '../model/reason.js'
import type { Copy, Evidence, InstanceEvidence, PortEvidence, Verdict } from '../model/verdict.js'
import { processReason } from '../model/words.js'
import { callsIn, isCopy } from './calls.js'
import { copiesOf } from './copies.js'
import { declaredInstances } from './instances.js'
import { type Matches, matchInstances } from './match.js'
import { neighboursOf } from './neighbours.js'
import { lookAtPort, type PortLook } from './ports.js'
import { differenceIn, isAlive, isCut, isFrozen } from './recognise.js'
import { ProcessTable } from './table.js'
import { undeclaredIn } from './undeclared.js'

/**
 * Pure: what is not in the observation is not known, and what is not known is never guessed. `others` are services whose
 * processes are told from this one's: those of the same host, as far as they are known.
 */
export const judge = (service: HostService, observation: Observation, others: readonly HostService[] = []): Verdict =>
  judgeOn(observation, others)(service)

/** For all the services of a host, which is gone through once for them. */
export const judgeOn = (
  observation: Observation,
  others: readonly HostService[],
): ((service: HostService) => Verdict) => {
  const { processes: seen, listeners } = observation
  const seenBy = [seen, listeners].flatMap(one => (one._tag === 'Seen' ? [one.by] : []))
  if (seen._tag === 'Unseen')
    return service =>
      unknown(
        quoting(`no process table: ${seen.why}`, 'no process table'),
        evidenceOf(nothingFound, service, observation, seenBy),
      )
  const table = new ProcessTable(seen.value)
  return service => judgeBy(table, service, observation, others, seenBy)
}

const judgeBy = (
  whole: ProcessTable,
  service: HostService,
  observation: Observation,
  others: readonly HostService[],
  seenBy: readonly string[],
): Verdict => {
  const { listeners } = observation
  const evident = (found: Found) => evidenceOf(found, service, observation, seenBy)
  const declared = declaredInstances(service, observation)
  if (E.isLeft(declared))
    return unknown(quoting(declared.left, 'which instances it has could not be told'), evident(nothingFound))

  const calls = callsIn(service, declared.right, whole)
  const table = whole.without(calls.stop)
  const sockets = listeners._tag === 'Seen' ? listeners.value : []
  const isNeighbour = neighboursOf(service, others, observation, whole)
  const matches = matchInstances(declared.right, table, observation, isNeighbour)
  const starters = withoutDaemons(calls.start, matches, service.ready.withinMs)
  const copies = (running: readonly Process[]) => withoutStarters(copiesOf(running, sockets), starters)
  const instances = declared.right.map(instance => ({
    instance,
    copies: copies(matches.get(instance)?.running ?? []),
  }))
  const candidates = table.without(new Set(starters)).all
  const undeclared = service.processes.flatMap(process =>
    undeclaredIn(process, declared.right, candidates, observation).flatMap(({ instance, running }) => {
      const own = running.filter(process => !isNeighbour(process))
      return own.length === 0 ? [] : [{ instance, copies: copies(own) }]
    }),
  )
  const found: Found = { instances, undeclared, ports: [], starters }

  const [stopper] = calls.stop
  if (stopper !== undefined)
    return unknown(reason`its stop command, pid ${stopper.pid}, is still running`, evident(found))
  const needsPorts = declared.right.some(({ listens }) => listens.length > 0)
  if (needsPorts && listeners._tag === 'Unseen')
    return unknown(quoting(`no list of sockets: ${listeners.why}`, 'no list of sockets'), evident(found))
  const looks = instances.flatMap(({ instance, copies }) =>
    instance.listens.map(wanted => lookAtPort(wanted, sockets, copies.flat(), table.byPid)),
  )
  const evidence = evident({ ...found, ports: looks.map(look => look.evidence) })
  return (
    blindSpot(evidence, looks, matches, observation) ??
    doubtfulAbsence(service, evidence, matches, table.all, observation) ??
    weigh(service, evidence)
  )
}

/** What can be said of the evidence, the worst first. */
const weigh = (service: HostService, evidence: Evidence): Verdict => {
  const { instances, ports, starters } = evidence
  const { withinMs } = service.ready
  const strangers = ports.filter(port => port.strangers.length > 0)
  if (strangers.length > 0) return { _tag: 'foreign', strangers, evidence }
  const extra = instances.filter(({ copies }) => copies.length > 1)
  const { undeclared } = evidence
  if (extra.length + undeclared.length > 0) return { _tag: 'duplicate', extra, undeclared, evidence }
  const present = instances.filter(({ copies }) => copies.length === 1)
  const frozen = frozenIn(present)
  if (frozen !== null) return { _tag: 'hung', why: `pid ${frozen.pid} is stopped by a signal`, evidence }

  const missing = instances.filter(({ copies }) => copies.length === 0).map(({ instance }) => instance)
  const closed = ports.filter(port => !port.open)
  if (missing.length === 0 && closed.length === 0 && present.length > 0) return { _tag: 'running', evidence }
  // A copy that was started by its own arguments tells of a start only as long as something is missing beside it.
  const starter = starters.find(one => missing.length > 0 || !isCopy(one, evidence))
  if (starter !== undefined) {
    const what = `its start command, pid ${starter.pid}`
    if (isYoung(starter, withinMs)) return { _tag: 'starting', waitingFor: what, evidence }
    return { _tag: 'hung', why: `${what}, has been running for ${Math.round(starter.ageSeconds ?? 0)} s`, evidence }
  }
  if (present.length === 0) return { _tag: 'stopped', evidence }
  if (missing.length > 0) return { _tag: 'degraded', missing, evidence }
  return waitingForPorts(present, closed, withinMs, evidence)
}

const frozenIn = (present: readonly InstanceEvidence[]): Process | null => {
  for (const { copies } of present) for (const copy of copies) for (const one of copy) if (isFrozen(one)) return one
  return null
}

const waitingForPorts = (
  present: readonly InstanceEvidence[],
  closed: readonly PortEvidence[],
  withinMs: number,
  evidence: Evidence,
): Verdict => {
  const ports = `port ${closed.map(({ wanted }) => showListenAddress(wanted)).join(', ')}`
  const owners = present.filter(({ instance }) => closed.some(({ wanted }) => instance.listens.includes(wanted)))
  const late = owners
    .flatMap(({ copies }) => copies.map(([leader]) => leader))
    .find(leader => !isYoung(leader, withinMs))
  if (late === undefined) return { _tag: 'starting', waitingFor: ports, evidence }
  const why = `pid ${late.pid} is ${Math.round(late.ageSeconds ?? 0)} s old and ${ports} is not open`
  return { _tag: 'hung', why, evidence }
}

/** What would have to be seen better before anything is said. */
const blindSpot = (
  evidence: Evidence,
  looks: readonly PortLook[],
  matches: ReadonlyMap<Instance, Matches>,
  { users }: Observation,
): Verdict | null => {
  for (const [{ label, user, exe, cwd }, { unseen }] of matches) {
    const [one] = unseen
    if (one === undefined) continue
    if (user !== null && users.get(user) === null) return unknown(reason`the host knows no user ${user}`, evidence)
    const hidden = [
      exe === null || one.exe !== null ? [] : ['the program it runs'],
      cwd === null || one.cwd !== null ? [] : ['its folder'],
    ]
    const what = hidden.flat()[0] ?? 'all that is declared of it'
    return unknown(reason`${processReason(one)} may be ${label}: ${what} cannot be seen by this login`, evidence)
  }
  const stray = looks.find(({ strays }) => strays.length > 0)
  if (stray !== undefined) {
    const port = showListenAddress(stray.evidence.wanted)
    return unknown(
      reason`port ${port} is held by pid ${stray.strays[0] ?? ''}, which is not in the process table`,
      evidence,
    )
  }
  const hidden = evidence.ports.find(port => port.open && port.own.length === 0 && port.strangers.length === 0)
  if (hidden === undefined) return null
  return unknown(reason`port ${showListenAddress(hidden.wanted)} is open, and by whom could not be seen`, evidence)
}

/** Is what seems to be missing really not there? Something that looks like it, or is shown in part, leaves a doubt. */
const doubtfulAbsence = (
  service: HostService,
  evidence: Evidence,
  matches: ReadonlyMap<Instance, Matches>,
  processes: readonly Process[],
  host: Observation,
): Verdict | null => {
  const missing = evidence.instances.filter(({ copies }) => copies.length === 0)
  if (evidence.starters.length > 0 || missing.length === 0) return null
  for (const { instance } of missing) {
    const alike = matches.get(instance)?.lookalikes[0]
    if (alike !== undefined) {
      const but = differenceIn(alike, instance, host) ?? 'does not seem to be it'
      return unknown(
        reason`${processReason(alike)} has the arguments of ${instance.label}, but ${quoting(but, 'does not seem to be it')}`,
        evidence,
      )
    }
  }
  const cut = processes.find(process => isAlive(process) && isCut(process))
  if (cut !== undefined) return unknown(reason`the arguments of pid ${cut.pid} are cut, so it may be any`, evidence)
  const gone = goneFrom(
    service,
    missing.map(({ instance }) => instance),
    processes,
    host,
  )
  if (gone !== null) return unknown(reason`${processReason(gone)} ended while it was looked at`, evidence)
  if (host.unsettled.size === 0) return null
  const why = 'processes came and went faster than they could be looked at, so none can be said to be missing'
  return unknown(ownReason(why), evidence)
}

/** One that is dead by now and was the service, or was about to start it: whom it left behind may not have been seen. */
const goneFrom = (
  service: HostService,
  instances: readonly Instance[],
  processes: readonly Process[],
  host: Observation,
): Process | null => {
  const dead = processes.filter(({ state }) => state === 'X').map(process => ({ ...process, state: 'R' }))
  const table = new ProcessTable(dead)
  const found = [...matchInstances(instances, table, host).values()].flatMap(lists => Object.values(lists).flat())
  return found[0] ?? callsIn(service, instances, table).start[0] ?? null
}

/** A daemon may keep the words of its start command as its arguments: past the time for a start it is no start. */
const withoutDaemons = (
  starters: readonly Process[],
  matches: ReadonlyMap<Instance, Matches>,
  withinMs: number,
): readonly Process[] => {
  if (starters.length === 0) return starters
  const running = new Set([...matches.values()].flatMap(({ running }) => running))
  return starters.filter(process => isYoung(process, withinMs) || !running.has(process))
}

/** `bin/pinger start` has the arguments of the pinger it starts: beside a real copy it is not a second one. */
const withoutStarters = (copies: readonly Copy[], starters: readonly Process[]): readonly Copy[] => {
  if (starters.length === 0) return copies
  const others = copies.filter(copy => !copy.every(process => starters.includes(process)))
  return others.length > 0 ? others : copies
}

/** Of unknown age it may be: what waits for it has a deadline of its own. */
const isYoung = ({ ageSeconds }: Process, withinMs: number): boolean => (ageSeconds ?? 0) * 1000 <= withinMs

const unknown = (why: Reason, evidence: Evidence): Verdict => ({ _tag: 'unknown', ...toldReason(why), evidence })

type Found = Pick<Evidence, 'instances' | 'undeclared' | 'ports' | 'starters'>

const nothingFound: Found = { instances: [], undeclared: [], ports: [], starters: [] }

const evidenceOf = (
  { instances, undeclared, ports, starters }: Found,
  service: HostService,
  { scripts, units, bootId, takenAtMs }: Observation,
  seenBy: readonly string[],
): Evidence => {
  const script = service.scripts.find(script => scripts.get(script) === 'executable') ?? null
  const unit = script === null ? null : (units.get(script) ?? null)
  return {
    instances: compact(instances),
    undeclared: compact(undeclared),
    ports: compact(ports),
    starters: compact(starters),
    script,
    unit,
    seenBy,
    bootId,
    takenAtMs,
  }
}
