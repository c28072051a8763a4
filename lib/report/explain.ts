/** A verdict explained: what was declared, what was seen by which command, the judgement, and what would follow. */
import * as E from 'fp-ts/lib/Either.js'
import type { HookMoment, HostProcess, HostService } from '../model/catalog.js'
import type { Explanation, Neighbour } from '../model/explanation.js'
import { showListenAddress } from '../model/listen-address.js'
import type { Observation, Process, Seen } from '../model/observation.js'
import type { Action, Launch, PlannedHook } from '../model/plan.js'
import { checkInWords } from '../model/ready.js'
import type { LineTemplate } from '../model/template.js'
import type { InstanceEvidence, PortEvidence } from '../model/verdict.js'
import { hookInWords, instanceInWords, processInWords, requirementsInWords, verdictInWords } from '../model/words.js'
import { inColumns, showMs } from './columns.js'
import { printable } from './printable.js'
import type { Style } from './style.js'

export const explanationLines = (explanation: Explanation, style: Style): readonly string[] => {
  const { service, observation, verdict, toRun, toStop } = explanation
  const part = (title: string, rows: readonly (readonly string[])[]) => [
    '',
    style.strong(printable(title)),
    ...table(rows),
  ]
  const headline = printable(`${service.name}@${service.host}: ${verdictInWords(verdict)}`)
  return [
    style.strong(headline),
    ...part(
      `Declared at ${service.at.file}:${service.at.line}:${service.at.column}`,
      declaredRows(service, observation),
    ),
    ...part(`Seen at ${new Date(observation.takenAtMs).toISOString()} by ${loginOf(observation)}`, [
      ['processes', seenInWords(observation.processes)],
      ['sockets', seenInWords(observation.listeners)],
      ...[...verdict.evidence.instances, ...verdict.evidence.undeclared].flatMap(instanceRows),
      ...verdict.evidence.starters.map(process => ['start under way', processDetails(process)]),
      ...verdict.evidence.ports.map(portRow),
      ...unsettledRows(observation),
    ]),
    ...part('If it should run', actionRows(toRun)),
    ...part('If it should be stopped', actionRows(toStop)),
  ]
}

const table = (rows: readonly (readonly string[])[]): readonly string[] =>
  inColumns(rows.map(row => row.map(printable))).map(cells => `  ${cells.join('  ')}`.trimEnd())

const declaredRows = (service: HostService, { scripts }: Observation): readonly (readonly string[])[] => [
  ...service.processes.map(process => [process.name, declarationOf(process)]),
  ...service.scripts.map(script => ['script', `${script} (${scripts.get(script) ?? 'not looked for'} on the host)`]),
  ...(service.start === null ? [] : [['start', service.start]]),
  ...(service.stop.command === null ? [] : [['stop', service.stop.command]]),
  ...service.ready.checks.map(check => ['ready', checkInWords(check)]),
  ...service.logs.map(log => ['log', log]),
  ['requires', requirementsInWords(service).join(', ') || 'nothing'],
]

const declarationOf = (process: HostProcess): string => {
  const listed = (what: string, texts: readonly LineTemplate[]) =>
    texts.length === 0 ? [] : [`${what} ${texts.map(quoted).join(' ')}`]
  const single = (what: string, one: LineTemplate | null) => (one === null ? [] : [`${what} ${quoted(one)}`])
  return [
    ...listed('arguments', process.args),
    ...listed('an argument like', process.globs),
    ...listed('an argument that fits', process.patterns),
    ...single('program', process.exe),
    ...single('folder', process.cwd),
    ...single('user', process.user),
    ...(process.parent === null ? [] : [`a child of ${process.parent}`]),
    ...(process.contained ? ['in a container'] : []),
    ...(process.each === null ? [] : [`one for each line of ${process.each.linesOf}`]),
    ...(process.listens.length === 0 ? [] : [`listens on ${process.listens.map(showListenAddress).join(', ')}`]),
    ...single('has its own start', process.start),
    ...(process.onStop === 'keep' ? ['a stop leaves it running'] : []),
  ].join('; ')
}

const quoted = ({ parts }: LineTemplate): string =>
  JSON.stringify(parts.map(part => (typeof part === 'string' ? part : `{{ ${part.variable} }}`)).join(''))

const loginOf = ({ login, bootId }: Observation): string =>
  `uid ${login.uid}${bootId === null ? '' : `, boot ${bootId}`}`

/** What each `by` of an observation stands for. */
const commands: Readonly<Record<string, string>> = {
  '/proc': 'grep over /proc/PID/stat, cmdline and status',
  'ps, /proc': 'ps, and grep over /proc/PID/stat and status',
  ps: 'ps',
  ss: 'ss -lntp',
  netstat: 'netstat',
  sockstat: 'sockstat -46lnP tcp',
  '/proc/net/tcp': '/proc/net/tcp and tcp6, with their owners from /proc/PID/fd',
}

const seenInWords = (seen: Seen<readonly unknown[]>): string =>
  seen._tag === 'Seen' ? `${seen.value.length}, by ${commands[seen.by] ?? seen.by}` : `not seen: ${seen.why}`

const instanceRows = ({ instance, copies }: InstanceEvidence): readonly (readonly string[])[] => {
  const name = instanceInWords(instance)
  if (copies.length === 0) return [[name, 'not there']]
  return copies.flat().map(process => [name, processDetails(process)])
}

const processDetails = (process: Process): string => {
  const { ppid, uid, state, ageSeconds, startTicks, startedAt, exe, cwd, contained } = process
  return [
    processInWords(process, widestCommand),
    `parent ${ppid}`,
    ...(uid === null ? [] : [`uid ${uid}`]),
    `state ${state}`,
    ...(ageSeconds === null ? [] : [`${showMs(ageSeconds * 1000)} old`]),
    ...(startTicks === null ? [] : [`started at tick ${startTicks}`]),
    ...(startedAt === null ? [] : [`started ${startedAt}`]),
    ...(exe === null ? [] : [`runs ${exe}`]),
    ...(cwd === null ? [] : [`in ${cwd}`]),
    ...(contained ? ['in a container'] : []),
  ].join(', ')
}

/** Enough for most Java command lines to be told apart. */
const widestCommand = 400

const portRow = ({ wanted, open, own, strangers, hidden }: PortEvidence): readonly string[] => {
  const holders = [
    ...own.map(({ pid }) => `its own pid ${pid}`),
    ...strangers.map(one => `a stranger, ${processInWords(one)}`),
  ]
  const by = holders.length > 0 ? `held by ${holders.join(' and ')}` : 'open'
  const owners = hidden ? `${by}; an owner is hidden from this login` : by
  return [`port ${showListenAddress(wanted)}`, open ? owners : 'nothing listens there']
}

const unsettledRows = ({ unsettled }: Observation): readonly (readonly string[])[] =>
  unsettled.size === 0 ? [] : [['unsettled', 'processes came and went while they were looked at']]

const actionRows = ({ action, hooks, waitsFor }: Explanation['toRun']): readonly (readonly string[])[] => {
  const doing = actionInWords(action, hooks)
  const isWaiting = action._tag === 'Start' || action._tag === 'Stop'
  return [
    ...doing,
    ...(isWaiting
      ? waitsFor.map(({ service, host, verdict }) => ['after', `${service}@${host}, which is ${stateOf(verdict)}`])
      : []),
  ]
}

const stateOf = (verdict: Neighbour['verdict']): string =>
  E.isLeft(verdict) ? `out of reach: ${verdict.left}` : verdictInWords(verdict.right)

const launchCells = ({ command, because }: Launch): readonly string[] =>
  because === undefined ? [command] : [command, because]

const actionInWords = (action: Action, hooks: readonly PlannedHook[]): readonly (readonly string[])[] => {
  const hooked = (wanted: HookMoment) =>
    hooks.filter(({ moment }) => moment === wanted).map(hook => ['hook', hookInWords(hook)])
  switch (action._tag) {
    case 'None':
      return [['nothing', action.why]]
    case 'Wait':
      return [['wait', action.why]]
    case 'Finish':
      return [['finish', action.why]]
    case 'Start':
      return [
        ...hooked('beforeStart'),
        ...action.launches.map(launch => ['start', ...launchCells(launch)]),
        ...hooked('afterStart'),
      ]
    case 'Stop':
      return [
        ...hooked('beforeStop'),
        ...action.launches.map(launch => ['stop', ...launchCells(launch)]),
        ['watch', action.watch.map(({ process }) => `pid ${process.pid}`).join(', ')],
        ...(action.escalation.length === 0
          ? []
          : [
              [
                'then',
                action.escalation.map(stage => (stage._tag === 'Signal' ? stage.name : showMs(stage.ms))).join(', '),
              ],
            ]),
        ...hooked('afterStop'),
      ]
    case 'Restart':
      return [
        ['restart', action.why],
        ...actionInWords(action.stop, hooks),
        ...hooked('beforeStart'),
        ...action.launches.map(({ command }) => ['start', command]),
        ...hooked('afterStart'),
      ]
    case 'Trim':
      return [['end', action.watch.map(({ process }) => `pid ${process.pid}`).join(', ')]]
    case 'Refuse':
      return [
        ['refuse', action.why],
        ['way out', action.wayOut],
      ]
    case 'Unreachable':
      return [['nothing', action.why]]
  }
}
