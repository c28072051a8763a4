/** What is unwise about one service, whatever else is on its host. */
import type { HostProcess, HostService } from '../../model/catalog.js'
import { isGlob } from '../../model/glob.js'
import type { LintRule, LintWarning } from '../../model/lint.js'
import type { SourcePos } from '../../model/place.js'
import type { LineTemplate } from '../../model/template.js'
import { isInterpreter } from '../recognise.js'
import { holdsSecret } from './secret.js'

export const serviceWarnings = (service: HostService): readonly LintWarning[] => [
  ...readyWarnings(service),
  ...startWarnings(service),
  ...stopWarnings(service),
  ...timeWarnings(service),
  ...killWarnings(service),
  ...commandWarnings(service),
  ...service.processes.flatMap(processWarnings),
]

const warning = (rule: LintRule, at: SourcePos, why: string, instead: string): LintWarning => ({
  rule,
  at,
  why,
  instead,
})

const readyWarnings = ({ name, at, ready, places, processes }: HostService): readonly LintWarning[] => {
  if (places.stable !== null && ready.stableMs === 0) {
    const why = `${name} counts as started at the first look that shows it, though it may die in the same second`
    return [warning('not-stable', places.stable, why, 'let it stay up for a while first: stable: 2s')]
  }
  if (places.hasReady || processes.some(({ listens }) => listens.length > 0)) return []
  const why = `nothing says when ${name} has come up: it has no port, so its mere processes count`
  return [
    warning(
      'no-ready',
      at,
      why,
      'declare listens, or ready: with http, tcp, log or command, or how long it has to stay up (stable)',
    ),
  ]
}

const startWarnings = ({ name, at, scripts, start, processes }: HostService): readonly LintWarning[] => {
  if (scripts.length > 0 || start !== null || processes.every(process => process.start !== null)) return []
  const why = `nothing says how ${name} is started, so a start or a restart of it is refused`
  return [warning('no-start', at, why, 'declare a script, or a start, or a start of each process')]
}

const stopWarnings = ({ name, at, scripts, stop, processes }: HostService): readonly LintWarning[] => {
  const going = processes.filter(({ onStop }) => onStop === 'stop')
  const hasWay = scripts.length > 0 || stop.command !== null || stop.escalation.length > 0
  if (hasWay || going.every(process => process.stop !== null)) return []
  const why = `nothing says how ${name} is stopped, so a stop or a restart of it is refused`
  return [warning('no-stop', at, why, 'declare a script, or stop: { command: … }, or stop: { then: [TERM, 10s] }')]
}

/** With signals it is how soon the first is sent. */
const timeWarnings = ({ name, stop, places }: HostService): readonly LintWarning[] => {
  if (places.stopWithin === null || stop.withinMs > 0 || stop.escalation.length > 0) return []
  const why = `${name} has no time to end in: nobody looks whether it did, so that every stop of it fails`
  const instead = 'say how long it may take: within: 60s; to signal it at once, add then: [TERM, 10s]'
  return [warning('no-time', places.stopWithin, why, instead)]
}

const killWarnings = ({ name, at, stop, places }: HostService): readonly LintWarning[] =>
  stop.escalation.flatMap((step, i) => {
    const before = stop.escalation[i - 1]
    const isKill = step._tag === 'Signal' && step.name === 'KILL'
    if (!isKill || (before?._tag === 'Pause' && before.ms > 0)) return []
    const why = `${name} is sent KILL with no time to end by itself: what it has not written is lost`
    return [warning('abrupt-kill', places.escalation[i] ?? at, why, 'ask first and wait: then: [TERM, 10s, KILL]')]
  })

/** Whoever may run `ps` on the host reads it, and so does whoever may read the journal. */
const commandWarnings = ({ name, at, start, stop, hooks, ready, processes }: HostService): readonly LintWarning[] => {
  const ofHooks = Object.values(hooks).flatMap(list => list.flatMap(({ command, unless }) => [command, unless]))
  const checks = ready.checks.flatMap(check => (check._tag === 'Command' ? [check.command] : []))
  const own = [start, stop.command, ...ofHooks, ...checks].some(command => command !== null && holdsSecret(command))
  const ofProcesses = processes.flatMap(process =>
    [process.start, process.stop].flatMap(command =>
      command !== null && holdsSecret(textOf(command)) ? [command.at] : [],
    ),
  )
  const why = `a command of ${name} holds what looks like a secret: everyone on the host can read it in ps`
  const instead = 'let the command read it from a file that only its user may read'
  return [...(own ? [at] : []), ...ofProcesses].map(place => warning('secret-in-command', place, why, instead))
}

const processWarnings = (process: HostProcess): readonly LintWarning[] => [
  ...exactWarnings(process),
  ...interpreterWarnings(process),
]

const exactWarnings = ({ name, globs, patterns }: HostProcess): readonly LintWarning[] =>
  [
    ...globs.filter(glob => !isGlob(textOf(glob))).map(({ at }) => ({ at, what: 'glob' })),
    ...patterns.filter(pattern => /^[\w/=:@%,-]+$/.test(textOf(pattern))).map(({ at }) => ({ at, what: 'pattern' })),
  ].map(({ at, what }) =>
    warning(
      'exact-would-do',
      at,
      `this ${what} of ${name} stands for itself alone`,
      `write it as args, which says so and is found faster`,
    ),
  )

const interpreterWarnings = (process: HostProcess): readonly LintWarning[] => {
  const { name, args, globs, patterns, exe, cwd, parent } = process
  if (globs.length + patterns.length > 0 || cwd !== null || parent !== null) return []
  const words = [...args, ...(exe === null ? [] : [exe])]
  if (!words.every(word => isInterpreter(textOf(word).replace(/^.*\//, '')))) return []
  const why = `${name} is known by an interpreter alone, so every program that it runs is taken for it`
  return [
    warning('interpreter-alone', words[0]?.at ?? process.at, why, 'add args that name the program, such as its path'),
  ]
}

/** With `*` where a line's word will stand. */
const textOf = ({ parts }: LineTemplate): string => parts.map(part => (typeof part === 'string' ? part : '*')).join('')
