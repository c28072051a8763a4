/** `--diff`: of each service that is not as it should be, what was seen against what is declared, as in a unified diff. */
import type { Instance } from '../model/catalog.js'
import { showListenAddress } from '../model/listen-address.js'
import type { Process } from '../model/observation.js'
import type { Plan, PlannedHook, Step } from '../model/plan.js'
import type { InstanceEvidence, PortEvidence, Verdict } from '../model/verdict.js'
import { instanceInWords, momentInWords, processInWords, verdictInWords } from '../model/words.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export const diffLines = ({ plays }: Plan, style: Style): readonly string[] =>
  plays.flatMap(({ steps }) =>
    steps.flatMap(step => (step.action._tag === 'None' ? [] : [...stepLines(step, style), ''])),
  )

/** One thing as it was seen and as it should be; `wanted` is null where it is so already. */
type Row = Readonly<{ about: string; seen: string; wanted: string | null }>

const stepLines = (step: Step, style: Style): readonly string[] => {
  const { id, found, action, desired } = step
  const seen =
    found === null ? `not seen${action._tag === 'Unreachable' ? `: ${action.why}` : ''}` : verdictInWords(found)
  return [
    style.strong(printable(`--- ${id}  ${seen}`)),
    style.strong(printable(`+++ ${id}  ${desired}`)),
    ...[...(found === null ? [] : rowsOf(step, found)), ...hookRows(step)].flatMap(row => rowLines(row, style)),
  ]
}

const rowLines = ({ about, seen, wanted }: Row, style: Style): readonly string[] =>
  wanted === null
    ? [printable(`  ${about}: ${seen}`)]
    : [style.bad(printable(`- ${about}: ${seen}`)), style.good(printable(`+ ${about}: ${wanted}`))]

const rowsOf = (step: Step, found: Verdict): readonly Row[] => {
  const { instances, undeclared, ports } = found.evidence
  const nameOf = ({ wanted }: PortEvidence): string => {
    const owner = instances.find(({ instance }) => instance.listens.some(one => isSame(one, wanted)))
    return owner === undefined ? 'a process of it' : instanceInWords(owner.instance)
  }
  return [
    ...instances.map(one => (step.desired === 'running' ? runningRow(one, step, found) : stoppedRow(one, found))),
    ...undeclared.map(undeclaredRow),
    ...ports.map(port => portRow(port, nameOf(port), step)),
  ]
}

const isSame = (a: PortEvidence['wanted'], b: PortEvidence['wanted']): boolean =>
  a.address === b.address && a.port === b.port

const runningRow = (one: InstanceEvidence, step: Step, found: Verdict): Row => {
  const { instance, copies } = one
  const about = instanceInWords(instance)
  if (copies.length === 0) return { about, seen: absence(found), wanted: `1 process${declared(instance)}` }
  const going = goingIn(step)
  const { startedAfterMs } = step
  const isGoing = copies.flat().some(({ pid }) => going.has(pid))
  if (copies.length > 1) return { about, seen: countInWords(one), wanted: keptInWords(one, going) }
  if (!isGoing) return { about, seen: countInWords(one), wanted: null }
  if (startedAfterMs === null) return { about, seen: countInWords(one), wanted: '1 process, and another one' }
  const wanted = `1 process, started after ${inUtc(startedAfterMs)}`
  return { about, seen: `${countInWords(one)}, ${ageInWords(one, found)}`, wanted }
}

/** Absence has to be seen. */
const absence = ({ _tag }: Verdict): string => (_tag === 'unknown' ? 'not known' : 'no process')

/** The processes that a step would end. */
const goingIn = ({ action }: Step): ReadonlySet<number> => {
  const watch = action._tag === 'Restart' ? action.stop.watch : action._tag === 'Trim' ? action.watch : []
  return new Set(watch.map(({ process }) => process.pid))
}

const keptInWords = ({ copies }: InstanceEvidence, going: ReadonlySet<number>): string => {
  const kept = copies.filter(copy => copy.every(({ pid }) => !going.has(pid)))
  return kept.length === 1 && going.size > 0 ? `1 process: ${pidsInWords(kept.flat())}` : '1 process'
}

const stoppedRow = (one: InstanceEvidence, found: Verdict): Row => {
  const { instance, copies } = one
  const about = instanceInWords(instance)
  if (copies.length === 0) {
    const wanted = found._tag === 'unknown' ? 'no process' : null
    return { about, seen: absence(found), wanted }
  }
  if (instance.onStop === 'keep') return { about, seen: `${countInWords(one)}, which stays by design`, wanted: null }
  return { about, seen: countInWords(one), wanted: 'no process' }
}

/** Nothing is done about it: whose it is, a person has to say. */
const undeclaredRow = (one: InstanceEvidence): Row => ({
  about: instanceInWords(one.instance),
  seen: countInWords(one),
  wanted: 'no process, as it is not declared',
})

const portRow = (port: PortEvidence, name: string, { desired }: Step): Row => {
  const about = `port ${showListenAddress(port.wanted)}`
  const holders = [
    ...(port.own.length > 0 ? [`${name}, ${pidsInWords(port.own)}`] : []),
    ...port.strangers.map(stranger => processInWords(stranger)),
    ...(port.hidden && port.own.length + port.strangers.length === 0 ? ['somebody who cannot be seen'] : []),
  ]
  const seen = holders.length > 0 ? holders.join(' and ') : port.open ? 'not known' : 'nobody'
  const isRight = desired === 'running' ? port.own.length > 0 && port.strangers.length === 0 : port.own.length === 0
  return { about, seen, wanted: isRight ? null : desired === 'running' ? name : 'nobody' }
}

/** Those that an earlier run has left undone. */
const hookRows = ({ action, hooks }: Step): readonly Row[] => {
  const due = hooks.filter(
    ({ moment }) =>
      action._tag === 'Finish' || action._tag === 'Wait' || (action._tag === 'Start' && moment === 'afterStop'),
  )
  return due.map(hook => ({ about: `hook ${momentInWords[hook.moment]}`, seen: 'not run', wanted: calledBy(hook) }))
}

const calledBy = ({ command, on }: PlannedHook): string =>
  `${command}${on === 'controller' ? ' on the controller' : ''}`

const countInWords = ({ copies }: InstanceEvidence): string =>
  `${copies.length === 1 ? '1 process' : `${copies.length} processes`}: ${pidsInWords(copies.map(([leader]) => leader))}`

/** What is only foreseen has no pid yet. */
const pidsInWords = (processes: readonly Process[]): string =>
  processes.some(({ pid }) => pid < 0) ? 'not started yet' : `pid ${processes.map(({ pid }) => pid).join(', ')}`

const ageInWords = ({ copies }: InstanceEvidence, { evidence }: Verdict): string => {
  const ages = copies.flat().flatMap(({ ageSeconds }) => ageSeconds ?? [])
  if (ages.length === 0) return 'of unknown age'
  return `started ${inUtc(evidence.takenAtMs - Math.max(...ages) * 1000)}`
}

const inUtc = (ms: number): string => new Date(Math.round(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')

/** ` with -Dbase=km, as tomcat`: what it is recognised by. */
const declared = ({ args, globs, patterns, exe, cwd, user, parent, contained }: Instance): string => {
  const parts = [
    ...(args.length > 0 ? [`with ${args.join(' ')}`] : []),
    ...(globs.length > 0 ? [`with arguments like ${globs.join(' ')}`] : []),
    ...(patterns.length > 0 ? [`with arguments that fit ${patterns.join(' ')}`] : []),
    ...(exe === null ? [] : [`of ${exe}`]),
    ...(cwd === null ? [] : [`in ${cwd}`]),
    ...(user === null ? [] : [`as ${user}`]),
    ...(parent === null ? [] : [`below ${parent}`]),
    ...(contained ? ['in a container'] : []),
  ]
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`
}
