/** The verdict on one service from one observation of its host. */
import * as E from 'fp-ts/lib/Either.js'
import type { HostService, Instance } from '../model/catalog.js'
import { showListenAddress } from '../model/listen-address.js'
import type { Observation, Process } from '../model/observation.js'
import type { Copy, Evidence, InstanceEvidence, PortEvidence, Verdict } from '../model/verdict.js'
import { processInWords } from '../model/words.js'
import { instancesOf } from './instances.js'
import { copiesOf, holdsArgs, isAlive, isCut, isFrozen, type Matches, matchInstances, standsIn } from './match.js'
import { lookAtPort, type PortLook } from './ports.js'

/** Pure: what is not in the observation is not known, and what is not known is never guessed. */
export const judge = (service: HostService, observation: Observation): Verdict => {
  const none = blank(service, observation)
  const { processes: table, listeners } = observation
  if (table._tag === 'Unseen') return unknown(`no process table: ${table.why}`, none)
  const declared = declaredInstances(service, observation)
  if (E.isLeft(declared)) return unknown(declared.left, none)

  const stoppers = stopCalls(service, declared.right, table.value)
  const processes = table.value.filter(process => !stoppers.has(process))
  const matches = matchInstances(declared.right, processes)
  const starters = callsOf(service, 'start', startCommands(service, declared.right), processes)
  const instances = declared.right.map(instance => ({
    instance,
    copies: withoutStarters(copiesOf(matches.get(instance)?.running ?? []), starters),
  }))
  const found: Evidence = { ...none, instances, starters }

  const [stopper] = stoppers
  if (stopper !== undefined) return unknown(`its stop command, pid ${stopper.pid}, is still running`, found)
  const needsPorts = declared.right.some(({ listens }) => listens.length > 0)
  if (needsPorts && listeners._tag === 'Unseen') return unknown(`no list of sockets: ${listeners.why}`, found)
  const sockets = listeners._tag === 'Seen' ? listeners.value : []
  const byPid = new Map(processes.map(process => [process.pid, process]))
  const looks = instances.flatMap(({ instance, copies }) =>
    instance.listens.map(wanted => lookAtPort(wanted, sockets, copies.flat(), byPid)),
  )
  const evidence: Evidence = { ...found, ports: looks.map(look => look.evidence) }
  return blindSpot(evidence, looks) ?? doubtfulAbsence(evidence, matches, processes) ?? weigh(service, evidence)
}

/** What can be said of the evidence, the worst first. */
const weigh = (service: HostService, evidence: Evidence): Verdict => {
  const { instances, ports, starters } = evidence
  const { withinMs } = service.ready
  const strangers = ports.filter(port => port.strangers.length > 0)
  if (strangers.length > 0) return { _tag: 'foreign', strangers, evidence }
  const extra = instances.filter(({ copies }) => copies.length > 1)
  if (extra.length > 0) return { _tag: 'duplicate', extra, evidence }
  const present = instances.filter(({ copies }) => copies.length === 1)
  const frozen = present.flatMap(({ copies }) => copies.flat()).find(isFrozen)
  if (frozen !== undefined) return { _tag: 'hung', why: `pid ${frozen.pid} is stopped by a signal`, evidence }

  const missing = instances.filter(({ copies }) => copies.length === 0).map(({ instance }) => instance)
  const closed = ports.filter(port => !port.open)
  if (missing.length === 0 && closed.length === 0 && present.length > 0) return { _tag: 'running', evidence }
  const [starter] = starters
  if (starter !== undefined) {
    const what = `its start command, pid ${starter.pid}`
    if (isYoung(starter, withinMs)) return { _tag: 'starting', waitingFor: what, evidence }
    return { _tag: 'hung', why: `${what}, has been running for ${Math.round(starter.ageSeconds)} s`, evidence }
  }
  if (present.length === 0) return { _tag: 'stopped', evidence }
  if (missing.length > 0) return { _tag: 'degraded', missing, evidence }
  return waitingForPorts(present, closed, withinMs, evidence)
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
  const why = `pid ${late.pid} is ${Math.round(late.ageSeconds)} s old and ${ports} is not open`
  return { _tag: 'hung', why, evidence }
}

/** What would have to be seen better before anything is said. */
const blindSpot = (evidence: Evidence, looks: readonly PortLook[]): Verdict | null => {
  const stray = looks.find(({ strays }) => strays.length > 0)
  if (stray !== undefined) {
    const port = showListenAddress(stray.evidence.wanted)
    return unknown(`port ${port} is held by pid ${stray.strays[0]}, which is not in the process table`, evidence)
  }
  const hidden = evidence.ports.find(port => port.hidden && port.own.length === 0 && port.strangers.length === 0)
  if (hidden === undefined) return null
  return unknown(`port ${showListenAddress(hidden.wanted)} is open, and by whom could not be seen`, evidence)
}

/** Is what seems to be missing really not there? Something that looks like it, or is shown in part, leaves a doubt. */
const doubtfulAbsence = (
  evidence: Evidence,
  matches: ReadonlyMap<Instance, Matches>,
  processes: readonly Process[],
): Verdict | null => {
  const missing = evidence.instances.filter(({ copies }) => copies.length === 0)
  if (evidence.starters.length > 0 || missing.length === 0) return null
  for (const { instance } of missing) {
    const alike = matches.get(instance)?.lookalikes[0]
    if (alike !== undefined) {
      const why = `${processInWords(alike)} has the arguments of ${instance.label}, but does not seem to be it`
      return unknown(why, evidence)
    }
  }
  const cut = processes.find(process => isAlive(process) && isCut(process))
  return cut === undefined ? null : unknown(`the arguments of pid ${cut.pid} are cut, so it may be any`, evidence)
}

const declaredInstances = (service: HostService, observation: Observation): E.Either<string, readonly Instance[]> => {
  const results = service.processes.map(process => instancesOf(process, observation))
  const left = results.find(E.isLeft)
  return left ?? E.right(results.flatMap(result => (E.isRight(result) ? result.right : [])))
}

/**
 * The service's start commands as words, to know somebody's call of one by. A command that what it starts also shows
 * (`bin/pinger`) tells nothing.
 */
const startCommands = (service: HostService, instances: readonly Instance[]): readonly Words[] => {
  const scripts = service.scripts.map(script => `${script} start`)
  return wordsOf([...scripts, service.start, ...instances.map(({ start }) => start)]).filter(
    words => !instances.some(({ args }) => standsIn(words, args)),
  )
}

/** Calls of the service's stop command and all that they have called: `bin/subscriber stop` is no subscriber. */
const stopCalls = (
  service: HostService,
  instances: readonly Instance[],
  processes: readonly Process[],
): ReadonlySet<Process> => {
  const scripts = service.scripts.map(script => `${script} stop`)
  const commands = wordsOf([...scripts, service.stop.command, ...instances.map(({ stop }) => stop)])
  const calls = new Set(callsOf(service, 'stop', commands, processes))
  if (calls.size === 0) return calls
  const pids = new Set([...calls].map(({ pid }) => pid))
  for (let before = -1; before !== calls.size; ) {
    before = calls.size
    for (const process of processes) {
      if (!pids.has(process.ppid) || pids.has(process.pid)) continue
      calls.add(process)
      pids.add(process.pid)
    }
  }
  return calls
}

type Words = readonly string[]

/** How a call of a command looks in a process list: its words, or all of it as one, as in `sh -c "…"`. */
const wordsOf = (commands: readonly (string | null)[]): readonly Words[] =>
  commands.flatMap(command => {
    if (command === null) return []
    const plain = /^[A-Za-z0-9_./@%+=:, -]+$/.test(command)
    return plain ? [command.split(/ +/), [command]] : [[command]]
  })

/**
 * Calls of these commands, and of the init script from wherever: `./enstratus-km start`, or
 * `/etc/rc3.d/S20enstratus-km start` at boot.
 */
const callsOf = (
  service: HostService,
  verb: 'start' | 'stop',
  commands: readonly Words[],
  processes: readonly Process[],
): readonly Process[] => {
  const names = new Set(service.scripts.map(baseName))
  const callsScript = ({ args }: Process): boolean =>
    args.some((arg, i) => {
      if (args[i + 1] !== verb) return false
      const called = baseName(arg)
      return names.has(called) || names.has(called.replace(/^[SK]\d\d/, ''))
    })
  return processes.filter(
    process => isAlive(process) && (callsScript(process) || commands.some(words => holdsArgs(process, words))),
  )
}

const baseName = (path: string): string => path.replace(/^.*\//, '')

/** `bin/pinger start` has the arguments of the pinger it starts: beside a real copy it is not a second one. */
const withoutStarters = (copies: readonly Copy[], starters: readonly Process[]): readonly Copy[] => {
  const others = copies.filter(copy => !copy.every(process => starters.includes(process)))
  return others.length > 0 ? others : copies
}

const isYoung = ({ ageSeconds }: Process, withinMs: number): boolean => ageSeconds * 1000 <= withinMs

const unknown = (why: string, evidence: Evidence): Verdict => ({ _tag: 'unknown', why, evidence })

const blank = (service: HostService, observation: Observation): Evidence => ({
  instances: [],
  ports: [],
  starters: [],
  script: service.scripts.find(script => observation.scripts.get(script) === 'executable') ?? null,
  seenBy: [observation.processes, observation.listeners].flatMap(seen => (seen._tag === 'Seen' ? [seen.by] : [])),
  takenAtMs: observation.takenAtMs,
})
