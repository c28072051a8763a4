/** Verdicts and their evidence in words; the same ones in plans, events and on the terminal. */

import type { HookMoment, HostService, Instance } from './catalog.js'
import { startOf } from './cut-text.js'
import { groupBy } from './group-by.js'
import { showListenAddress } from './listen-address.js'
import type { Process } from './observation.js'
import { type PlannedHook, stepId } from './plan.js'
import { joined, ownReason, quoting, type Reason, reason, reasonOfTold } from './reason.js'
import type { Evidence, InstanceEvidence, PortEvidence, Verdict } from './verdict.js'

/** A name stands for it on all its hosts. */
export const requirementsInWords = ({ requires, requiresHere, host }: HostService): readonly string[] => [
  ...requires,
  ...requiresHere.map(name => stepId({ name, host })),
]

/** Where all of them live on the same hosts, that may be what was meant. */
export const sameHostHint = (requiring: string, required: string): string =>
  `if ${requiring} needs only the ${required} of its own host, let it say so: requires: { ${required}: same_host }`

/** One line. Text from the host is in it as it came: escape it where it is printed. */
export const verdictInWords = (verdict: Verdict): string => verdictReason(verdict).why

export const verdictReason = (verdict: Verdict): Reason => {
  switch (verdict._tag) {
    case 'stopped':
      return ownReason('stopped')
    case 'running':
      return ownReason(`running: ${countsInWords(verdict.evidence)}`)
    case 'starting':
      return ownReason(`starting: waiting for ${verdict.waitingFor}`)
    case 'degraded':
      return ownReason(`degraded: ${byProcess(verdict.evidence).map(processCountInWords).join(', ')}`)
    case 'hung':
      return ownReason(`hung: ${verdict.why}`)
    case 'duplicate':
      return reason`duplicate: ${extrasReason(verdict)}`
    case 'foreign':
      return reason`foreign: ${joined(verdict.strangers.map(strangerReason), '; ')}`
    case 'unknown':
      return reason`unknown: ${reasonOfTold(verdict)}`
  }
}

/** `running: pid 7199, 7201`: nothing in it is text from the host. */
export const verdictByPids = ({ _tag, evidence }: Verdict): string => {
  const pids = evidence.instances.flatMap(({ copies }) => copies.map(([leader]) => leader.pid))
  return pids.length === 0 ? _tag : `${_tag}: pid ${pids.join(', ')}`
}

/** `tomcat pid 7199, pinger pid 7201, poll 29/29, port 3302`. */
const countsInWords = (evidence: Evidence): string => {
  const ports = evidence.ports.filter(({ open }) => open).map(({ wanted }) => showListenAddress(wanted))
  const counts = byProcess(evidence).map(processCountInWords)
  return [...counts, ...(ports.length > 0 ? [`port ${ports.join(', ')}`] : [])].join(', ')
}

/** `tomcat missing; poll 27/29: missing Dns, Ssl`. */
export const missingInWords = (evidence: Evidence): string =>
  byProcess(evidence)
    .filter(([, instances]) => instances.some(({ copies }) => copies.length === 0))
    .map(processCountInWords)
    .join('; ')

type OfProcess = readonly [process: string, instances: readonly InstanceEvidence[]]

const processCountInWords = ([process, instances]: OfProcess): string => {
  if (instances.length === 1) {
    const pids = instances.flatMap(({ copies }) => copies.map(([leader]) => leader.pid))
    return pids.length === 0 ? `${process} missing` : `${process} pid ${pids.join(', ')}`
  }
  const missing = instances.filter(({ copies }) => copies.length === 0).map(({ instance }) => instance.label)
  const count = `${process} ${instances.length - missing.length}/${instances.length}`
  return missing.length === 0 ? count : `${count}: missing ${missing.join(', ')}`
}

export const extrasReason = ({ extra, undeclared }: Extract<Verdict, { _tag: 'duplicate' }>): Reason =>
  joined([...extra.map(extraReason), ...undeclared.map(undeclaredReason)], '; ')

const extraReason = ({ instance, copies }: InstanceEvidence): Reason =>
  reason`${copies.length} copies of ${instanceInWords(instance)}: ${pidsInWords(copies)}`

/** What nobody declares has its name from the arguments of its process. */
export const undeclaredReason = ({ instance, copies }: InstanceEvidence): Reason =>
  reason`${quoting(instanceInWords(instance), instance.process)} runs and is not declared: ${pidsInWords(copies)}`

const pidsInWords = (copies: InstanceEvidence['copies']): string =>
  `pid ${copies.map(([leader]) => leader.pid).join(', ')}`

/** `tomcat`, or `poll Dns`. */
export const instanceInWords = ({ process, label }: Instance): string =>
  process === label ? process : `${process} ${label}`

export const strangerReason = ({ wanted, strangers }: PortEvidence): Reason =>
  reason`port ${showListenAddress(wanted)} is held by ${joined(strangers.map(processReason), ' and ')}`

export const momentInWords: Readonly<Record<HookMoment, string>> = {
  beforeStart: 'before the start',
  afterStart: 'after the start',
  beforeStop: 'before the stop',
  afterStop: 'after the stop',
}

export const hookMoments = Object.keys(momentInWords) as readonly HookMoment[]

/** What a command is called that is a hook. */
export const hookWords = (moment: HookMoment): string => `hook ${momentInWords[moment]}`

/** `after the stop on the controller: /lb/undrain, unless /lb/is-drained`. */
export const hookInWords = ({ moment, on, command, unless }: PlannedHook): string => {
  const where = on === 'controller' ? ' on the controller' : ''
  return `${momentInWords[moment]}${where}: ${command}${unless === null ? '' : `, unless ${unless}`}`
}

export const processReason = (process: Process): Reason => quoting(processInWords(process), `pid ${process.pid}`)

/** Its arguments up to `width` characters. */
export const processInWords = (process: Process, width = 60): string =>
  `pid ${process.pid} (${startOf(process.args.join(' '), width)})`

const byProcess = ({ instances }: Evidence): readonly OfProcess[] => {
  const [first] = instances
  // As most services are.
  if (first !== undefined && instances.length === 1) return [[first.instance.process, instances]]
  return [...groupBy(instances, ({ instance }) => instance.process)]
}
