/** The one sentence a run ends with. */
import type { HostRecap, RunEvent } from '../model/event.js'
import { exitCodes } from '../model/exit-code.js'
import { plural, showMs, someOf } from './columns.js'
import { printable } from './printable.js'

type Ended = Pick<Extract<RunEvent, { _tag: 'RunEnded' }>, 'recap' | 'exitCode'>

export const conclusion = ({ recap, exitCode }: Ended, tookMs: number): string => {
  const sum = (key: keyof HostRecap): number => [...recap.values()].reduce((total, host) => total + host[key], 0)
  const where = (key: keyof HostRecap): string => {
    const hosts = [...recap].flatMap(([host, counts]) => (counts[key] > 0 ? [host] : []))
    return recap.size > 1 ? ` (${printable(someOf(hosts, 4))})` : ''
  }
  const away = [...recap.values()].filter(({ unreachable }) => unreachable > 0).length
  const bad = [
    ...(sum('failed') > 0 ? [`${sum('failed')} failed${where('failed')}`] : []),
    ...(sum('skipped') > 0 ? [`${sum('skipped')} skipped`] : []),
    ...(away > 0 ? [`${plural(away, 'host')} out of reach${where('unreachable')}`] : []),
  ]
  const changed = sum('changed')
  const good = `${plural(changed, 'service')} changed`
  const took = `in ${showMs(tookMs)}`
  if (exitCode === exitCodes.interrupted) return `Interrupted: ${[...bad, good].join(', ')}, ${took}.`
  // What failed may have been begun: only a run without failures can say that nothing was changed.
  if (bad.length > 0) return `Not done: ${bad.join(', ')}${changed > 0 ? `; ${good}` : ''}, ${took}.`
  if (exitCode !== exitCodes.ok) return `Not done: the run was stopped; ${good}, ${took}.`
  return changed === 0 ? `All is as it should be; nothing was changed, ${took}.` : `Done: ${good}, ${took}.`
}
