/** A plan of more steps than anybody reads: what is the same on many hosts is one line. */
import { isHeldBack, type Plan, type PlannedPlay, type Step } from '../model/plan.js'
import { inColumns, plural, someOf } from './columns.js'
import { foundIn, planLines, planSum, verbOf } from './plan.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

const mostSteps = 60

/** As it is where it is short. What cannot be done is told in full all the same. */
export const shortPlanLines = (plan: Plan, style: Style): readonly string[] => {
  const steps = plan.plays.flatMap(play => play.steps)
  if (steps.length <= mostSteps) return planLines(plan, style)
  const names = [...new Set(plan.plays.map(({ name }) => name))]
  return [
    ...names.flatMap(name =>
      playLines(
        name,
        plan.plays.filter(play => play.name === name),
        style,
      ),
    ),
    planSum(steps),
    style.quiet('steward plan shows each of them.'),
  ]
}

const playLines = (name: string, parts: readonly PlannedPlay[], style: Style): readonly string[] => {
  const steps = parts.flatMap(part => part.steps)
  const batches = parts.length > 1 ? ` ${parts.length} batches` : ''
  const alike = new Map<string, Step[]>()
  const held: Step[] = []
  for (const step of steps) {
    if (isHeldBack(step)) held.push(step)
    else {
      const key = JSON.stringify([verbOf(step), step.service])
      alike.set(key, [...(alike.get(key) ?? []), step])
    }
  }
  const rows = [...alike.values()].map(group => rowOf(group).map(printable))
  return [
    style.strong(printable(`PLAY [${name}]${batches}`)),
    ...inColumns(rows).map(row => `  ${row.join('  ')}`),
    ...(held.length === 0 ? [] : planLines({ plays: [{ name, steps: held }] }, style).slice(1, -2)),
    '',
  ]
}

const rowOf = (group: readonly Step[]): readonly string[] => {
  const [first] = group
  if (first === undefined) return []
  const hosts = [...new Set(group.map(({ host }) => host))]
  const found = new Set(group.map(foundIn))
  const why = new Set(group.map(({ skipped }) => skipped))
  const because = first.skipped === undefined ? '' : `; ${why.size === 1 ? first.skipped : 'for various reasons'}`
  const where = `${plural(hosts.length, 'host')}: ${someOf(hosts, 4)}${because}`
  return [verbOf(first), first.service, found.size === 1 ? foundIn(first) : 'various', where]
}
