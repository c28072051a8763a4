/** A plan as a person reads it: by play and host, what will be done, and why not where it will not. */
import type { Escalation, HookMoment } from '../model/catalog.js'
import {
  type Action,
  hasActs,
  isHeldBack,
  isToBeDone,
  type Launch,
  type Plan,
  type PlannedPlay,
  type Step,
} from '../model/plan.js'
import { checkInWords } from '../model/ready.js'
import type { Batch, Rollout } from '../model/rollout.js'
import { hookInWords, processInWords, verdictInWords } from '../model/words.js'
import { inColumns, plural, showMs } from './columns.js'
import { playLine } from './play-line.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export const planLines = (plan: Plan, style: Style): readonly string[] => [
  ...plan.plays.flatMap(({ steps, ...play }, i) => [
    style.strong(playLine(play)),
    ...stepTable(steps, style),
    ...steps.flatMap(step => details(step, style)),
    ...holdLines(plan.plays, i).map(line => style.quiet(printable(`  ${line}`))),
    '',
  ]),
  planSum(plan.plays.flatMap(({ steps }) => steps)),
]

/** What is waited for behind a batch before the next one begins. */
const holdLines = (plays: readonly PlannedPlay[], i: number): readonly string[] => {
  const play = plays[i]
  if (play?.batch === undefined || play.rollout === undefined) return []
  const { batch, rollout } = play
  if (hasActs(play)) return behindChanges(batch, rollout)
  const soFar = plays.slice(Math.max(0, i + 1 - batch.number), i)
  const next = plays[i + 1]
  const isFirstNext = next?.batch?.number === batch.number + 1 && hasActs(next) && !soFar.some(hasActs)
  return isFirstNext
    ? behindNothing(
        rollout,
        [...soFar, play].some(({ batch }) => batch?.isCanary === true),
      )
    : []
}

/** What has to hold all the same where nothing is to be done before the first batch that changes anything. */
const behindNothing = ({ canary, gate }: Rollout, hasCanary: boolean): readonly string[] => {
  const checks = gate.checks.map(check => `${checkInWords(check)} has to say yes`)
  if (canary === null || !hasCanary) return checks.map((line, i) => `${i === 0 ? 'first' : 'and'} ${line}`)
  const steady = canary.stableMs > 0 ? `, and to have been so for ${showMs(canary.stableMs)}` : ''
  return [
    `first the canary has to be as it should be${steady}`,
    ...checks.map(line => `and ${line}`),
    ...(canary.ask ? ['and somebody has to say that it goes on'] : []),
  ]
}

const behindChanges = (batch: Batch, rollout: Rollout): readonly string[] => {
  const { canary, gate, pauseBetweenMs } = rollout
  const isLast = batch.number === batch.of
  if (isLast && batch.of === 1 && gate.checks.length === 0) return []
  const steady = batch.isCanary && canary !== null && canary.stableMs > 0 ? `, and for ${showMs(canary.stableMs)}` : ''
  return [
    `then all that was changed has to be as it should be${steady}`,
    ...gate.checks.map(check => `and ${checkInWords(check)} has to say so too`),
    ...(isLast || !batch.isCanary || canary?.ask !== true ? [] : ['and somebody has to say that it goes on']),
    ...(isLast || pauseBetweenMs === 0 ? [] : [`and ${showMs(pauseBetweenMs)} have to pass`]),
  ]
}

const mostAwayIn = ({ mostAway }: Step): readonly string[] =>
  mostAway === undefined ? [] : [`while no more than ${mostAway.most} of ${mostAway.of} instances are away`]

const stepTable = (steps: readonly Step[], style: Style): readonly string[] => {
  const rows = steps.map(step => [verbOf(step), step.id, foundIn(step), afterIn(step)].map(printable))
  return inColumns(rows).map(([verb = '', id = '', found = '', after = ''], i) => {
    const colour = colourOf(steps[i], style)
    // Blanks that nobody sees would wrap a narrow terminal's line.
    const end = after.trimEnd() === '' ? '' : `  ${style.quiet(after.trimEnd())}`
    return `  ${colour(verb)}  ${id}  ${found}${end}`.trimEnd()
  })
}

/** What is started or stopped by which command, with the hooks around it; for a refusal its reason and the way out. */
const details = (step: Step, style: Style): readonly string[] => {
  const { id, action } = step
  const quiet = (...lines: readonly string[]) => lines.map(line => style.quiet(printable(`    ${id}: ${line}`)))
  const hooks = (...moments: readonly HookMoment[]) => quiet(...hookLines(step, moments))
  if (step.skipped !== undefined) return quiet(`would be skipped: ${step.skipped}`)
  switch (action._tag) {
    case 'Start':
      return [...hooks('afterStop', 'beforeStart'), ...quiet(...commandsOf(action)), ...hooks('afterStart')]
    case 'Stop':
      return [
        ...hooks('beforeStop'),
        ...quiet(...commandsOf(action), ...escalationLines(action)),
        ...hooks('afterStop'),
      ]
    case 'Refuse':
      return [style.bad(printable(`    ${id}: ${action.why}`)), printable(`      ${action.wayOut}`)]
    case 'Unreachable':
      return [style.bad(printable(`    ${id}: ${action.why}`))]
    case 'Restart':
      return [
        ...quiet(action.why, ...mostAwayIn(step)),
        ...hooks('beforeStop'),
        ...quiet(...commandsOf(action.stop), ...escalationLines(action.stop)),
        ...hooks('afterStop', 'beforeStart'),
        ...quiet(...commandsOf(action)),
        ...hooks('afterStart'),
      ]
    case 'Trim': {
      const ends = action.watch.map(({ process }) => `ends ${processInWords(process)}`)
      return quiet(action.why, ...ends, ...escalationLines(action))
    }
    case 'Finish':
      return [...quiet('an earlier run has left hooks undone'), ...hooks(action.moment)]
    case 'Wait':
      return hooks('afterStart')
    case 'None':
      return []
  }
}

const commandsOf = ({ launches }: Readonly<{ launches: readonly Launch[] }>): readonly string[] => {
  const commands = launches.map(({ command, because }) => `${command}${because ? ` (${because})` : ''}`)
  return commands.length > 3 ? [...commands.slice(0, 2), `… and ${commands.length - 2} more`] : commands
}

const hookLines = ({ hooks }: Step, moments: readonly HookMoment[]): readonly string[] =>
  moments.flatMap(moment => hooks.filter(hook => hook.moment === moment).map(hookInWords))

/** What those that stay would get. */
const escalationLines = ({ escalation }: Readonly<{ escalation: readonly Escalation[] }>): readonly string[] => {
  if (escalation.length === 0) return []
  const stages = escalation.map(stage => (stage._tag === 'Signal' ? stage.name : showMs(stage.ms)))
  return [`to those that stay: ${stages.join(', ')}`]
}

const verbs: Readonly<Record<Action['_tag'], string>> = {
  None: 'ok',
  Start: 'start',
  Wait: 'wait',
  Stop: 'stop',
  Restart: 'restart',
  Trim: 'trim',
  Finish: 'finish',
  Refuse: 'refuse',
  Unreachable: 'unreachable',
}

export const verbOf = ({ action, skipped }: Step): string => (skipped === undefined ? verbs[action._tag] : 'skip')

export const foundIn = ({ found, action }: Step): string => {
  if (action._tag === 'None' || action._tag === 'Finish') return action.why
  return found === null ? 'not seen' : verdictInWords(found)
}

const afterIn = ({ after }: Step): string => {
  if (after.length === 0) return ''
  return `after ${after.length > 3 ? `${after.slice(0, 3).join(', ')} and ${after.length - 3} more` : after.join(', ')}`
}

const colourOf = (step: Step | undefined, style: Style): ((text: string) => string) => {
  if (step?.skipped !== undefined) return style.quiet
  if (step === undefined || step.action._tag === 'None') return style.good
  return isHeldBack(step) ? style.bad : style.changed
}

/** How many cannot be done, and how many are skipped for their sake; nothing where there are none. */
export const notDone = (steps: readonly Step[]): readonly string[] => {
  const held = steps.filter(isHeldBack).length
  const skipped = steps.filter(step => step.skipped !== undefined).length
  return [
    ...(held > 0 ? [`${held} cannot be done`] : []),
    ...(skipped > 0 ? [`${skipped} skipped for ${held === 1 ? 'it' : 'them'}`] : []),
  ]
}

export const planSum = (steps: readonly Step[]): string => {
  const counts = new Map<Action['_tag'], number>()
  for (const { action, skipped } of steps)
    if (skipped === undefined) counts.set(action._tag, (counts.get(action._tag) ?? 0) + 1)
  const count = (tag: Action['_tag']) => counts.get(tag) ?? 0
  const left = notDone(steps)
  if (left.length === 0 && !steps.some(isToBeDone)) {
    return `Nothing to do: ${plural(steps.length, 'service')} as ${steps.length === 1 ? 'it' : 'they'} should be.`
  }
  const parts = [
    `${count('Start')} to start`,
    `${count('Stop')} to stop`,
    ...(count('Restart') > 0 ? [`${count('Restart')} to restart`] : []),
    ...(count('Trim') > 0 ? [`${count('Trim')} to rid of copies`] : []),
    ...(count('Finish') > 0 ? [`${count('Finish')} to finish`] : []),
    ...(count('Wait') > 0 ? [`${count('Wait')} to wait for`] : []),
    `${count('None')} as they should be`,
    ...left,
  ]
  return `Plan: ${parts.join(', ')}.`
}
