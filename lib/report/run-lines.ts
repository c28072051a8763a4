/** A run as lines that stay: what was done, what failed and why, and the recap. */
import type { HostRecap, RunEvent } from '../model/event.js'
import { isAct } from '../model/plan.js'
import { batchInWords, type RolloutHosts } from '../model/rollout.js'
import { inColumns, plural, showMs, someOf } from './columns.js'
import { playLine } from './play-line.js'
import { printable, printableLines } from './printable.js'
import type { Style } from './style.js'

/** The lines one event adds; most add none. */
export const runLines = (event: RunEvent, style: Style): readonly string[] => {
  switch (event._tag) {
    case 'HostUnreachable':
      return [style.bad(printable(`unreachable: [${event.host}] ${event.why}`))]
    case 'HostKeyRecorded':
      return [style.changed(printable(hostKeyLine(event)))]
    case 'Planned': {
      const steps = event.plan.plays.flatMap(play => play.steps)
      const acts = steps.filter(({ action }) => isAct(action)).length
      const held = steps.filter(({ action }) => action._tag === 'Refuse' || action._tag === 'Unreachable').length
      const cannot = held === 0 ? '' : `, ${held} cannot be done`
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
        ...(event.output === null ? [] : printableLines(event.output).map(line => style.quiet(`    ${line}`))),
        ...(event.wayOut === null ? [] : [`    ${printable(event.wayOut)}`]),
      ]
    case 'StepUnreachable':
      return [`${style.bad('unreachable')}: ${printable(`[${event.id}] ${event.why}`)}`]
    case 'StepSkipped':
      return [`${style.quiet('skipped')}: ${printable(`[${event.id}] ${event.because}`)}`]
    case 'SignalSent':
      return [style.quiet(printable(`  [${event.id}] sent ${event.signal} to ${event.process}`))]
    case 'CommandEnded':
      // Who sees it run all the same should know what its script says.
      if (event.code === 0) return []
      return [style.quiet(printable(`  [${event.id}] ${event.what} ended with ${event.code}`))]
    case 'RunEnded':
      if (event.recap.size === 0) return []
      return ['', style.strong('PLAY RECAP'), ...recapLines(event.recap, style)]
    case 'RunStarted':
    case 'HostObserved':
    case 'StepStarted':
    case 'StepWaited':
      return []
  }
}

/** Where it has left the hosts, each kind that there is any of. */
const whereLines = (hosts: RolloutHosts): readonly string[] => {
  const rows = (['new', 'failed', 'old', 'unknown'] as const).flatMap(kind =>
    hosts[kind].length === 0 ? [] : [[`  ${kind}:`, printable(someOf(hosts[kind]))]],
  )
  return inColumns(rows).map(row => row.join(' '))
}

/** Said of every new host, as what it showed may be compared with what it has. */
export const hostKeyLine = (recorded: Extract<RunEvent, { _tag: 'HostKeyRecorded' }>): string => {
  const { host, keyType, fingerprint, name, file } = recorded
  return `new host key: [${host}] ${fingerprint} (${keyType}), now known as ${name} in ${file}`
}

/** One sentence to end with. */
export const conclusion = (recap: Iterable<HostRecap>, tookMs: number): string => {
  const sum = [...recap].reduce((a, b) => ({
    ok: a.ok + b.ok,
    changed: a.changed + b.changed,
    unreachable: a.unreachable + b.unreachable,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }))
  const took = `in ${showMs(tookMs)}`
  const bad = [
    ...(sum.failed > 0 ? [`${sum.failed} failed`] : []),
    ...(sum.skipped > 0 ? [`${sum.skipped} skipped`] : []),
    ...(sum.unreachable > 0 ? [`${plural(sum.unreachable, 'host')} out of reach`] : []),
  ]
  const good = `${plural(sum.changed, 'service')} changed`
  // What failed may have been begun: only a run without failures can say that nothing was changed.
  if (bad.length > 0) return `Not done: ${bad.join(', ')}${sum.changed > 0 ? `; ${good}` : ''}, ${took}.`
  return sum.changed === 0 ? `All is as it should be; nothing was changed, ${took}.` : `Done: ${good}, ${took}.`
}

const recapLines = (recap: ReadonlyMap<string, HostRecap>, style: Style): readonly string[] => {
  const rows = [...recap].map(([host, { ok, changed, unreachable, failed, skipped }]) => [
    printable(host),
    `: ok=${ok}`,
    `changed=${changed}`,
    `unreachable=${unreachable}`,
    `failed=${failed}`,
    `skipped=${skipped}`,
  ])
  const colours = [...recap.values()].map(({ changed, unreachable, failed, skipped }) => {
    if (unreachable + failed > 0) return style.bad
    return changed + skipped > 0 ? style.changed : style.good
  })
  return inColumns(rows).map((row, i) => (colours[i] ?? style.good)(row.join(' ')))
}
