/** What to do about one service, given its verdict: the least that leads to what is desired, or nothing, with reasons. */
import type { HostService } from '../model/catalog.js'
import { showListenAddress } from '../model/listen-address.js'
import type { Process } from '../model/observation.js'
import type { Action, Launch } from '../model/plan.js'
import type { Desire } from '../model/playbook.js'
import { joined, ownReason, type Reason, reason, reasonOfTold, toldReason } from '../model/reason.js'
import type { Evidence, Verdict } from '../model/verdict.js'
import {
  extrasReason,
  instanceInWords,
  missingInWords,
  processReason,
  strangerReason,
  undeclaredReason,
  verdictInWords,
} from '../model/words.js'
import { isCopy } from './calls.js'
import { isFrozen } from './recognise.js'
import { scriptStart, scriptStop, unitAfterStop } from './script.js'

export const decideAction = (service: HostService, desire: Desire, verdict: Verdict): Action =>
  desire.state === 'running' ? towardsRunning(service, desire, verdict) : towardsStopped(service, verdict)

const towardsRunning = (service: HostService, { startedAfterMs }: Desire, verdict: Verdict): Action => {
  const old = startedAfterMs === null ? [] : olderThan(startedAfterMs, verdict.evidence)
  const [eldest] = old
  const since = `it was started before ${new Date(startedAfterMs ?? 0).toISOString()}`
  switch (verdict._tag) {
    case 'running':
      if (eldest !== undefined) return restart(service, verdict.evidence, since)
      return { _tag: 'None', why: verdictInWords(verdict) }
    case 'starting':
      if (eldest !== undefined) return restart(service, verdict.evidence, since)
      return { _tag: 'Wait', why: `it is starting: waiting for ${verdict.waitingFor}` }
    case 'stopped':
      return startAll(service, verdict.evidence)
    case 'degraded':
      if (eldest !== undefined) return restart(service, verdict.evidence, since)
      return startMissing(service, verdict.evidence)
    case 'hung':
      if (service.onHung === 'restart') return restart(service, verdict.evidence, verdict.why)
      return refuse(ownReason(verdict.why), wayOutOfHung(service, verdict.evidence))
    case 'duplicate':
      if (service.onDuplicate === 'keep_port_owner') return trim(service, verdict)
      return refuse(
        extrasReason(verdict),
        `${stopping(service)}, then run this again; on_duplicate: keep_port_owner ends all but the one that holds the port`,
      )
    case 'foreign':
      return refuse(
        joined(verdict.strangers.map(strangerReason), '; '),
        `end that process, or give ${service.name} another port`,
      )
    case 'unknown':
      return refuse(reasonOfTold(verdict), 'nothing is done on a guess: make it visible, then run this again')
  }
}

/** What a stop would end and is not certainly younger than that; a process whose age is not known may be older. */
const olderThan = (afterMs: number, { instances, takenAtMs }: Evidence): readonly Process[] =>
  instances
    .filter(({ instance }) => instance.onStop === 'stop')
    .flatMap(({ copies }) => copies.flat())
    .filter(({ ageSeconds }) => ageSeconds === null || takenAtMs - ageSeconds * 1000 <= afterMs)

/** Nothing is stopped unless it is known how to start it again. */
const restart = (service: HostService, evidence: Evidence, why: string): Action => {
  const stop = stopAction(service, evidence)
  if (stop._tag !== 'Stop') return stop
  const start = startAfter(service, evidence)
  return start._tag === 'Start' ? { _tag: 'Restart', why, stop, launches: start.launches } : start
}

/** What is missing once the stop has done its work: all of it, or all but what stays by design. */
const startAfter = (service: HostService, evidence: Evidence): Action => {
  const after = evidence.instances.map(one => (one.instance.onStop === 'keep' ? one : { ...one, copies: [] }))
  const stays = after.some(({ copies }) => copies.length > 0)
  return (stays ? startMissing : startAll)(service, {
    ...evidence,
    instances: after,
    unit: unitAfterStop(service, evidence.unit),
  })
}

/** Which copy is the right one only its port can tell. */
const trim = (service: HostService, verdict: Extract<Verdict, { _tag: 'duplicate' }>): Action => {
  const { evidence, extra, undeclared } = verdict
  const owners = new Set(evidence.ports.flatMap(({ own }) => own.map(({ pid }) => pid)))
  const surplus = extra.map(({ instance, copies }) => {
    const owning = copies.filter(copy => copy.some(({ pid }) => owners.has(pid)))
    const others = copies.filter(copy => !owning.includes(copy)).flat()
    return {
      instance,
      owning,
      others: others.map(process => ({ process, bootId: evidence.bootId, args: instance.args })),
    }
  })
  const unclear = surplus.find(({ owning }) => owning.length !== 1)
  const wayOut = `${stopping(service)}, then run this again`
  if (unclear !== undefined) {
    return refuse(
      reason`${extrasReason(verdict)}; which of them to keep no port tells (${unclear.instance.label})`,
      wayOut,
    )
  }
  if (undeclared.length > 0) return refuse(extrasReason(verdict), wayOut)
  const { escalation } = service.stop
  if (escalation.length === 0) {
    return refuse(extrasReason(verdict), 'declare what may be sent to the others: stop: { then: [TERM, 10s, KILL] }')
  }
  return { _tag: 'Trim', why: extrasReason(verdict).why, watch: surplus.flatMap(({ others }) => others), escalation }
}

const wayOutOfHung = (service: HostService, evidence: Evidence): string => {
  const { instances, starters } = evidence
  const frozen = instances.flatMap(({ copies }) => copies.flat()).find(isFrozen)
  if (frozen !== undefined) return `let it go on: kill -CONT ${frozen.pid}; then run this again`
  const starter = starters.find(one => !isCopy(one, evidence))
  if (starter !== undefined)
    return `see what it waits for; let it end, or end it: kill ${starter.pid}; then run this again`
  const log = service.logs.length > 0 ? 'see its log; ' : ''
  return `${log}${stopping(service)}, then run this again; on_hung: restart does both`
}

const startAll = (service: HostService, evidence: Evidence): Action => {
  if (service.start !== null) return start([{ what: 'start command', command: service.start }])
  if (evidence.script !== null) return start([scriptStart(evidence.script, evidence.unit)])
  if (service.scripts.length > 0) return scriptMissing(service)
  const launches = evidence.instances.flatMap(({ instance }) => launchOf(instance))
  if (launches.length === evidence.instances.length) return start(launches)
  return refuse(ownReason('no way to start it is declared'), `give ${service.name} a script or a start in the catalog`)
}

/** The script would start the whole service, and so a second copy of what is there: each process by itself, or not. */
const startMissing = (service: HostService, evidence: Evidence): Action => {
  const missing = evidence.instances.filter(({ copies }) => copies.length === 0).map(({ instance }) => instance)
  const launches = missing.flatMap(launchOf)
  if (launches.length === missing.length) return start(launches)
  const alone = missing.find(instance => instance.start === null)
  return refuse(
    reason`${missingInWords(evidence)}; starting the whole service would double what is there`,
    `give ${alone?.process} a start of its own in the catalog, or first: ${stopping(service)}`,
  )
}

const towardsStopped = (service: HostService, verdict: Verdict): Action => {
  if (verdict._tag === 'unknown') {
    return refuse(reasonOfTold(verdict), 'nothing is done on a guess: make it visible, then run this again')
  }
  return stopAction(service, verdict.evidence)
}

/** What no line declares has the form of an instance, and may still be somebody else's: it is named and left alone. */
const stopAction = (service: HostService, evidence: Evidence): Action => {
  const { bootId, undeclared } = evidence
  const going = evidence.instances.filter(({ instance }) => instance.onStop === 'stop')
  const watch = going.flatMap(({ instance: { args }, copies }) =>
    copies.flat().map(process => ({ process, bootId, args })),
  )
  const [starter] = evidence.starters
  if (watch.length === 0 && starter !== undefined) {
    return refuse(
      reason`its start command, ${processReason(starter)}, is running`,
      `let it end, or end it: kill ${starter.pid}; then run this again`,
    )
  }
  if (watch.length === 0 && undeclared.some(({ instance }) => instance.onStop === 'stop')) {
    const wayOut = 'end it by hand if it is of this service: what is not declared is not ended'
    return refuse(joined(undeclared.map(undeclaredReason), '; '), wayOut)
  }
  if (watch.length === 0) return { _tag: 'None', why: whyStopped(evidence) }
  const launches = stopLaunches(service, evidence)
  const { escalation } = service.stop
  if (launches.length > 0 || escalation.length > 0) return { _tag: 'Stop', launches, watch, escalation }
  if (service.scripts.length > 0) return scriptMissing(service)
  return refuse(ownReason('no way to stop it is declared'), `give ${service.name} a script or a stop in the catalog`)
}

const stopLaunches = (service: HostService, evidence: Evidence): readonly Launch[] => {
  if (service.stop.command !== null) return [{ what: 'stop command', command: service.stop.command }]
  if (evidence.script !== null) return [scriptStop(evidence.script, evidence.unit)]
  const going = evidence.instances.filter(({ instance, copies }) => instance.onStop === 'stop' && copies.length > 0)
  return going.flatMap(({ instance }) =>
    instance.stop === null ? [] : [{ what: instanceInWords(instance), command: instance.stop }],
  )
}

const whyStopped = (evidence: Evidence): string => {
  const kept = evidence.instances.filter(({ copies }) => copies.length > 0)
  const strangers = evidence.ports.filter(port => port.strangers.length > 0)
  const notes = [
    ...kept.map(({ instance, copies }) => `${instance.label} stays by design, pid ${pidsOf(copies.flat())}`),
    ...strangers.map(
      port => `port ${showListenAddress(port.wanted)} is held by a stranger, pid ${pidsOf(port.strangers)}`,
    ),
  ]
  return ['stopped', ...notes].join('; ')
}

const pidsOf = (processes: readonly Process[]): string => processes.map(({ pid }) => pid).join(', ')

const launchOf = (instance: Verdict['evidence']['instances'][number]['instance']): readonly Launch[] =>
  instance.start === null ? [] : [{ what: instanceInWords(instance), command: instance.start }]

const scriptMissing = (service: HostService): Action =>
  refuse(
    reason`${service.scripts.join(' or ')} is not an executable file on the host`,
    'install it, or correct the catalog',
  )

const start = (launches: readonly Launch[]): Action => ({ _tag: 'Start', launches })

/** The call that does it. */
const stopping = ({ name, host }: HostService): string => `steward stop ${name} -l ${host}`

const refuse = (why: Reason, wayOut: string): Action => ({ _tag: 'Refuse', ...toldReason(why), wayOut })
