/** What to do about one service, given its verdict: the least that leads to what is desired, or nothing, with reasons. */
import type { HostService } from '../model/catalog.js'
import { showListenAddress } from '../model/listen-address.js'
import type { Process } from '../model/observation.js'
import type { Action, Launch } from '../model/plan.js'
import type { DesiredState } from '../model/playbook.js'
import { shellWord } from '../model/shell.js'
import type { Evidence, Verdict } from '../model/verdict.js'
import {
  extrasInWords,
  instanceInWords,
  missingInWords,
  processInWords,
  strangerInWords,
  verdictInWords,
} from '../model/words.js'
import { isFrozen } from './recognise.js'

export const decideAction = (service: HostService, desired: DesiredState, verdict: Verdict): Action =>
  desired === 'running' ? towardsRunning(service, verdict) : towardsStopped(service, verdict)

const towardsRunning = (service: HostService, verdict: Verdict): Action => {
  switch (verdict._tag) {
    case 'running':
      return { _tag: 'None', why: verdictInWords(verdict) }
    case 'starting':
      return { _tag: 'Wait', why: `it is starting: waiting for ${verdict.waitingFor}` }
    case 'stopped':
      return startAll(service, verdict.evidence)
    case 'degraded':
      return startMissing(service, verdict)
    case 'hung':
      return refuse(verdict.why, wayOutOfHung(service, verdict.evidence))
    case 'duplicate':
      return refuse(extrasInWords(verdict), `stop ${service.name} with its stop playbook, then run this again`)
    case 'foreign':
      return refuse(
        verdict.strangers.map(strangerInWords).join('; '),
        `end that process, or give ${service.name} another port`,
      )
    case 'unknown':
      return refuse(verdict.why, 'nothing is done on a guess: make it visible, then run this again')
  }
}

const wayOutOfHung = (service: HostService, { instances, starters }: Evidence): string => {
  const frozen = instances.flatMap(({ copies }) => copies.flat()).find(isFrozen)
  if (frozen !== undefined) return `let it go on: kill -CONT ${frozen.pid}; then run this again`
  const [starter] = starters
  if (starter !== undefined)
    return `see what it waits for; let it end, or end it: kill ${starter.pid}; then run this again`
  return `see its log; stop ${service.name}, then run this again`
}

const startAll = (service: HostService, evidence: Evidence): Action => {
  if (service.start !== null) return start([{ what: 'start command', command: service.start }])
  if (evidence.script !== null) return start([{ what: 'script', command: `${shellWord(evidence.script)} start` }])
  if (service.scripts.length > 0) return scriptMissing(service)
  const launches = evidence.instances.flatMap(({ instance }) => launchOf(instance))
  if (launches.length === evidence.instances.length) return start(launches)
  return refuse('no way to start it is declared', `give ${service.name} a script or a start in the catalog`)
}

/** The script would start the whole service, and so a second copy of what is there: each process by itself, or not. */
const startMissing = (service: HostService, verdict: Extract<Verdict, { _tag: 'degraded' }>): Action => {
  const launches = verdict.missing.flatMap(launchOf)
  if (launches.length === verdict.missing.length) return start(launches)
  const alone = verdict.missing.find(instance => instance.start === null)
  return refuse(
    `${missingInWords(verdict.evidence)}; starting the whole service would double what is there`,
    `give ${alone?.process} a start of its own in the catalog, or stop ${service.name} first`,
  )
}

const towardsStopped = (service: HostService, verdict: Verdict): Action => {
  if (verdict._tag === 'unknown') {
    return refuse(verdict.why, 'nothing is done on a guess: make it visible, then run this again')
  }
  const { evidence } = verdict
  const going = [...evidence.instances, ...evidence.undeclared].filter(({ instance }) => instance.onStop === 'stop')
  const watch = going.flatMap(({ instance: { args }, copies }) => copies.flat().map(process => ({ process, args })))
  const [starter] = evidence.starters
  if (watch.length === 0 && starter !== undefined) {
    return refuse(
      `its start command, ${processInWords(starter)}, is running`,
      `let it end, or end it: kill ${starter.pid}; then run this again`,
    )
  }
  if (watch.length === 0) return { _tag: 'None', why: whyStopped(evidence) }
  const launches = stopLaunches(service, evidence)
  const { escalation } = service.stop
  if (launches.length > 0 || escalation.length > 0) return { _tag: 'Stop', launches, watch, escalation }
  if (service.scripts.length > 0) return scriptMissing(service)
  return refuse('no way to stop it is declared', `give ${service.name} a script or a stop in the catalog`)
}

const stopLaunches = (service: HostService, evidence: Evidence): readonly Launch[] => {
  if (service.stop.command !== null) return [{ what: 'stop command', command: service.stop.command }]
  if (evidence.script !== null) return [{ what: 'script', command: `${shellWord(evidence.script)} stop` }]
  const all = [...evidence.instances, ...evidence.undeclared]
  const going = all.filter(({ instance, copies }) => instance.onStop === 'stop' && copies.length > 0)
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
  refuse(`${service.scripts.join(' or ')} is not an executable file on the host`, 'install it, or correct the catalog')

const start = (launches: readonly Launch[]): Action => ({ _tag: 'Start', launches })

const refuse = (why: string, wayOut: string): Action => ({ _tag: 'Refuse', why, wayOut })
