/** Past runs from their journals: a table of them, and the story of one. */
import type { AfterMoment } from '../model/catalog.js'
import { exitCodes } from '../model/exit-code.js'
import {
  type ConcludedAs,
  type HooksLeft,
  type JournalRecord,
  type PastRun,
  type RunOpened,
  recordsOf,
} from '../model/journal.js'
import { isAct, type StepId } from '../model/plan.js'
import { momentInWords } from '../model/words.js'
import { inColumns, plural } from './columns.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export type RunEnd = 'done' | 'failed' | 'interrupted' | 'is still running' | 'may still be running' | 'did not end'

export const endOf = ({ records, tail, liveness }: PastRun): RunEnd => {
  const last = (tail._tag === 'Damaged' ? tail.beyond.at(-1) : undefined) ?? records.at(-1)
  if (last?._tag === 'RunClosed') {
    if (last.exitCode === exitCodes.ok) return 'done'
    return last.exitCode === exitCodes.interrupted ? 'interrupted' : 'failed'
  }
  if (liveness === 'running') return 'is still running'
  return liveness === 'unknown' ? 'may still be running' : 'did not end'
}

/** Steps that something was begun for and that are not known to have ended. */
export const unknownSteps = (run: PastRun): readonly StepId[] => {
  const open = new Set<StepId>()
  for (const record of recordsOf(run)) {
    if (record._tag === 'Intended') open.add(record.id)
    if (record._tag === 'Concluded') open.delete(record.id)
  }
  return [...open]
}

export const outcomeCounts = (run: PastRun): Readonly<Record<ConcludedAs, number>> => {
  const counts = { ok: 0, changed: 0, failed: 0, unreachable: 0, skipped: 0 }
  for (const record of recordsOf(run)) if (record._tag === 'Concluded') counts[record.outcome] += 1
  return counts
}

/** One line a run, in the order given; what may be long comes last, where a narrow terminal breaks it. */
export const runsLines = (runs: readonly PastRun[], style: Style): readonly string[] => {
  const rows = runs.map(run => {
    const opened = openedOf(run)
    return [run.runId, endOf(run), countsInWords(run), whatOf(opened)].map(printable)
  })
  const table = inColumns([['RUN, BEGUN AT (UTC)', 'END', 'SERVICES', 'WHAT'], ...rows])
  return table.map(([id = '', end = '', counts = '', what = ''], i) => {
    const colour = i === 0 ? style.strong : colourOf(end.trim() as RunEnd, style)
    return `${id}  ${colour(end)}  ${counts}  ${what}`.trimEnd()
  })
}

/** What was meant, what came of it, what is not known, and which of its hooks nobody has run yet. */
export const runStory = (run: PastRun, left: readonly HooksLeft[], style: Style): readonly string[] => {
  const unknown = unknownSteps(run)
  const end = endOf(run)
  const fates = fatesIn(recordsOf(run))
  return [
    style.strong(printable(`RUN ${run.runId}: `)) + colourOf(end, style)(end),
    ...headerLines(openedOf(run)),
    '',
    ...run.records.flatMap(record => recordLines(record, fates, style)),
    ...tailLines(run, fates, style),
    ...(unknown.length + left.length > 0 ? [''] : []),
    ...unknown.map(id => style.bad(printable(unknownInWords(id, end)))),
    ...hooksLeftLines(left).map(style.bad),
    '',
    countsInWords(run) || (isUntold(run) ? 'What was done cannot be told.' : 'Nothing was done.'),
  ]
}

/** One line a run, with the way out. */
export const hooksLeftLines = (left: readonly HooksLeft[]): readonly string[] =>
  [...new Set(left.map(({ runId }) => runId))].map(runId => {
    const [first, ...more] = left.filter(one => one.runId === runId)
    const which = first === undefined ? '' : `${hooksInWords(first.moments)} of ${first.id}`
    const others = more.length === 0 ? '' : `, and those of ${plural(more.length, 'more service')}`
    return printable(`not run: ${which}${others}: steward resume ${runId} does that`)
  })

const hooksInWords = (moments: readonly AfterMoment[]): string =>
  `the hooks ${moments.map(moment => momentInWords[moment]).join(' and ')}`

const unknownInWords = (id: StepId, end: RunEnd): string =>
  end === 'is still running' ? `under way: ${id}` : `outcome not known: ${id}: look with steward status`

const openedOf = (run: PastRun): (RunOpened & Readonly<{ atMs: number }>) | null => {
  const [first] = run.records
  return first?._tag === 'RunOpened' ? first : null
}

/** Its first line is there and cannot be read, and so may be all that followed. */
const isUntold = ({ records, tail }: PastRun): boolean => records.length === 0 && tail._tag !== 'Whole'

/** `run /playbooks/start-all.yml`, or `restart km, worker`. */
const whatOf = (opened: RunOpened | null): string => {
  if (opened === null) return 'not known'
  const { command, playbook, more } = opened
  const services = Array.isArray(more['services']) ? more['services'].join(', ') : ''
  return `${command} ${playbook ?? services}`.trimEnd()
}

const headerLines = (opened: ReturnType<typeof openedOf>): readonly string[] => {
  if (opened === null) return ['  how it was begun is not in its journal']
  const { inventory, limit, forks, controller, version, resumes, more } = opened
  const startedAfter = more['started-after']
  const only = more['only']
  return [
    `  ${whatOf(opened)}`,
    ...(typeof startedAfter === 'number' ? [`  of all that was started before ${atInWords(startedAfter)} UTC`] : []),
    `  inventory ${inventory.join(', ')}${limit === null ? '' : `, limited to ${limit}`}${Array.isArray(only) ? `, only ${only.join(', ')}` : ''}, ${plural(forks, 'host')} at once`,
    `  begun ${atInWords(opened.atMs)} UTC by steward ${version}, pid ${controller.pid} on ${controller.hostname}`,
    ...(resumes === null ? [] : [`  takes up ${resumes}`]),
    ...(typeof more['saved-plan'] === 'string' ? [`  as in the plan ${more['saved-plan']}`] : []),
  ].map(printable)
}

const recordLines = (record: JournalRecord, fates: Fates, style: Style): readonly string[] => {
  const line = (text: string) => `${style.quiet(timeInWords(record.atMs))}  ${text}`
  switch (record._tag) {
    case 'RunOpened':
      return []
    case 'PlanMade': {
      const steps = record.plays.flatMap(play => play.steps)
      const acts = steps.filter(({ action }) => isAct({ _tag: action }))
      return [line(`planned: ${plural(steps.length, 'service')} looked at, ${acts.length} to do`)]
    }
    case 'Intended':
      return intentsOf(record).map(what =>
        line(printable(`${fates.get(record) ?? 'intended'}: [${record.id}] ${what}`)),
      )
    case 'NotBegun':
    case 'HooksDue':
    case 'HooksDone':
      // The intent tells of it, or what of it is still due at the end.
      return []
    case 'Concluded':
      return [
        line(`${colourOfOutcome(record.outcome, style)(record.outcome)}: ${concludedInWords(record)}`),
        ...(record.wayOut === undefined ? [] : [printable(`            ${record.wayOut}`)]),
      ]
    case 'NotSeen':
      return [line(`${style.bad('unreachable')}: ${printable(`[${record.host}] ${record.words}`)}`)]
    case 'Interrupted':
      return [line(style.changed('interrupted: nothing new was begun from here on'))]
    case 'RunClosed':
      return [line(`ended with exit code ${record.exitCode}`)]
  }
}

/** What became of an intent; of one that is not here nobody knows. */
type Fates = ReadonlyMap<JournalRecord, 'begun' | 'not begun'>

const fatesIn = (records: readonly JournalRecord[]): Fates => {
  const fates = new Map<JournalRecord, 'begun' | 'not begun'>()
  const open = new Map<StepId, JournalRecord[]>()
  for (const record of records) {
    if (record._tag === 'Intended') open.set(record.id, [...(open.get(record.id) ?? []), record])
    if (record._tag === 'NotBegun') {
      const last = open.get(record.id)?.pop()
      if (last !== undefined) fates.set(last, 'not begun')
    }
    if (record._tag === 'Concluded') {
      for (const one of open.get(record.id) ?? []) fates.set(one, 'begun')
      open.delete(record.id)
    }
  }
  return fates
}

const concludedInWords = ({ id, outcome, words }: Extract<JournalRecord, { _tag: 'Concluded' }>): string => {
  const isBad = outcome === 'failed' || outcome === 'unreachable'
  return printable(`[${id}] ${words === '' && isBad ? 'why was not kept by the steward that ran it' : words}`.trimEnd())
}

const intentsOf = ({ act }: Extract<JournalRecord, { _tag: 'Intended' }>): readonly string[] =>
  act._tag === 'Signal'
    ? [`${act.signal} to ${act.pids.length === 1 ? 'pid' : 'pids'} ${act.pids.join(', ')}`]
    : act.launches.map(({ what, command }) => `${what}: ${command}`)

const tailLines = (run: PastRun, fates: Fates, style: Style): readonly string[] => {
  const { tail } = run
  switch (tail._tag) {
    case 'Whole':
      return []
    case 'Torn': {
      // Whoever reads while it is being written may see half a record.
      if (run.liveness === 'running') return []
      return [
        style.bad(printable(`the journal is torn at line ${tail.line}: ${tail.reason}; it holds nothing after that`)),
      ]
    }
    case 'Damaged':
      return [
        style.bad(
          printable(`the journal is damaged at line ${tail.line}: ${tail.reason}; what can still be read follows`),
        ),
        ...tail.beyond.flatMap(record => recordLines(record, fates, style)),
      ]
  }
}

/** `2 changed, 1 failed, 1 not known`; nothing where nothing has come of it yet. */
const countsInWords = (run: PastRun): string => {
  const counts = Object.entries(outcomeCounts(run)).map(([outcome, count]) => [count, outcome] as const)
  const all = [...counts, [unknownSteps(run).length, 'not known'] as const]
  const words = all.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return [...words, ...(run.tail._tag === 'Damaged' ? ['journal damaged'] : [])].join(', ')
}

const colourOf = (end: RunEnd, style: Style): ((text: string) => string) => {
  if (end === 'done') return style.good
  return end === 'failed' || end === 'did not end' ? style.bad : style.changed
}

const colourOfOutcome = (outcome: ConcludedAs, style: Style): ((text: string) => string) => {
  if (outcome === 'ok') return style.good
  if (outcome === 'changed') return style.changed
  return outcome === 'skipped' ? style.quiet : style.bad
}

/** A journal may hold a time that is none. */
const atInWords = (atMs: number | undefined): string =>
  atMs === undefined || Math.abs(atMs) > 8.64e15
    ? 'not known'
    : new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')

const timeInWords = (atMs: number): string => atInWords(atMs).slice(11)
