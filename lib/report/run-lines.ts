/** A run as lines that stay: what was done, what failed and why, and the recap. */
import type { HostRecap, RunEvent } from '../model/event.js'
import { isToBeDone } from '../model/plan.js'
import { batchInWords, hostsByKind, type RolloutHosts } from '../model/rollout.js'
import { hookMoments, hookWords } from '../model/words.js'
import { inColumns, plural, showMs, someOf } from './columns.js'
import { skippedLines } from './fold.js'
import { loginLines } from './login-lines.js'
import { notDone } from './plan.js'
import { playLine } from './play-line.js'
import { printable, printableLines } from './printable.js'
import type { Style } from './style.js'

/**
 * The lines one event adds; most add none. `verbose`, as many as there are `v`: 1 tells of services that need nothing too,
 * 2 of each command and what it printed, 3 of each login, look and wait. `isFolded`: of many hosts, the recap tells of those
 * for which nothing was to be done in one line.
 */
export const runLines = (event: RunEvent, style: Style, verbose = 0, isFolded = false): readonly string[] => {
  switch (event._tag) {
    case 'HostUnreachable':
      return [style.bad(printable(`unreachable: [${event.host}] ${event.why}`))]
    case 'HostKeyRecorded':
      return [style.changed(printable(hostKeyLine(event)))]
    case 'LoginTried':
      return verbose < 3 ? [] : loginLines(event).map(line => style.quiet(`  ${line}`))
    case 'Planned': {
      const steps = event.plan.plays.flatMap(play => play.steps)
      const acts = steps.filter(isToBeDone).length
      const cannot = notDone(steps)
        .map(part => `, ${part}`)
        .join('')
      return [
        style.quiet(`${plural(steps.length, 'service')} looked at, ${acts === 0 ? 'nothing' : acts} to do${cannot}`),
      ]
    }
    case 'PlayStarted':
      return ['', style.strong(playLine(event))]
    case 'BatchHeld':
      return [style.quiet(printable(`${batchInWords(event.batch)}: waiting for ${event.for}`))]
    case 'RolloutStopped':
      return ['', style.bad(printable(`The rollout was stopped: ${event.why}`)), ...whereLines(event.hosts)]
    case 'StepSucceeded': {
      const line = printable(`[${event.id}] ${event.now}`)
      if (!event.changed) return [`${style.good('ok')}: ${line}`]
      return [`${style.changed('changed')}: ${line} ${style.quiet(`(${showMs(event.tookMs)})`)}`]
    }
    case 'StepFailed':
      return [
        `${style.bad('failed')}: ${printable(`[${event.id}] ${event.why}`)}`,
        ...outputLines(event.output, style),
        ...(event.wayOut === null ? [] : [`    ${printable(event.wayOut)}`]),
      ]
    case 'StepUnreachable':
      return [`${style.bad('unreachable')}: ${printable(`[${event.id}] ${event.why}`)}`]
    case 'StepSkipped':
      return skippedLines([event], style)
    case 'SignalSent':
      return [style.quiet(printable(`  [${event.id}] sent ${event.signal} to ${event.process}`))]
    case 'CommandEnded':
      // Who sees it run all the same should know what its script says; that a hook failed is why its step did.
      if ((event.code === 0 || ofHooks.has(event.what)) && verbose < 2) return []
      return [
        style.quiet(printable(`  [${event.id}] ${event.what} ended with ${event.code}`)),
        ...(verbose < 2 ? [] : outputLines(event.output, style)),
      ]
    case 'RunEnded':
      if (event.recap.size === 0) return []
      return ['', style.strong('PLAY RECAP'), ...recapLines(event.recap, isFolded, style)]
    case 'HostObserved':
      return verbose < 3 ? [] : [style.quiet(printable(`  [${event.host}] looked at in ${showMs(event.tookMs)}`))]
    case 'StepStarted':
      return verbose < 3 ? [] : [style.quiet(printable(`  [${event.id}] begun at ${timeOf(event)}`))]
    case 'StepWaited':
      return verbose < 3 ? [] : [style.quiet(printable(`  [${event.id}] at ${timeOf(event)} ${event.for}`))]
    case 'RunStarted':
      return []
  }
}

const ofHooks: ReadonlySet<string> = new Set(hookMoments.map(hookWords))

const outputLines = (output: string | null, style: Style): readonly string[] =>
  output === null || output === '' ? [] : printableLines(output).map(line => style.quiet(`    ${line}`))

const timeOf = ({ atMs }: RunEvent): string => new Date(atMs).toISOString().slice(11, 23)

/** Where it has left the hosts, each kind that there is any of. */
const whereLines = (hosts: RolloutHosts): readonly string[] => {
  const rows = hostsByKind(hosts).map(([kind, some]) => [`  ${kind}:`, printable(someOf(some))])
  return inColumns(rows).map(row => row.join(' '))
}

/** Said of every new host, as what it showed may be compared with what it has. */
export const hostKeyLine = (recorded: Extract<RunEvent, { _tag: 'HostKeyRecorded' }>): string => {
  const { host, keyType, fingerprint, name, file } = recorded
  return `new host key: [${host}] ${fingerprint} (${keyType}), now known as ${name} in ${file}`
}

/** Of many hosts those that are not well come last: they are what is read before it scrolls away. */
const recapLines = (recap: ReadonlyMap<string, HostRecap>, isFolded: boolean, style: Style): readonly string[] => {
  const isLong = recap.size > 20
  const told = isLong && isFolded ? folded(recap) : [...recap]
  const hosts = isLong ? told.sort(([, a], [, b]) => badIn(a) - badIn(b)) : told
  const rows = hosts.map(([host, { ok, changed, unreachable, failed, skipped }]) => [
    printable(host),
    `: ok=${ok}`,
    `changed=${changed}`,
    `unreachable=${unreachable}`,
    `failed=${failed}`,
    `skipped=${skipped}`,
  ])
  const colours = hosts.map(([, { changed, unreachable, failed, skipped }]) => {
    if (unreachable + failed > 0) return style.bad
    return changed + skipped > 0 ? style.changed : style.good
  })
  return inColumns(rows).map((row, i) => (colours[i] ?? style.good)(row.join(' ')))
}

/** Those for which nothing was to be done as one, before the others. */
const folded = (recap: ReadonlyMap<string, HostRecap>): [string, HostRecap][] => {
  const others = [...recap].filter(([, host]) => !isIdle(host))
  const idle = [...recap.values()].filter(isIdle)
  if (idle.length < 2) return [...recap]
  const ok = idle.reduce((sum, host) => sum + host.ok, 0)
  return [[plural(idle.length, 'host'), { ok, changed: 0, unreachable: 0, failed: 0, skipped: 0 }], ...others]
}

const isIdle = ({ changed, unreachable, failed, skipped }: HostRecap): boolean =>
  changed + unreachable + failed + skipped === 0

const badIn = ({ unreachable, failed, skipped }: HostRecap): number => {
  if (unreachable + failed > 0) return 2
  return skipped > 0 ? 1 : 0
}
