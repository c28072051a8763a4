/** The process table: what /proc tells, or `ps` where there is no /proc or no tool that reads it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Section } from '../model/frame.js'
import type { HostText, Observation, Process } from '../model/observation.js'
import { maxSearches } from './probe.js'
import { parseCmdline, parseStat, type StatRow } from './proc.js'
import { type Links, parseLinks } from './proc-links.js'
import { type PsRow, parsePs } from './ps.js'
import { parseStatus, type StatusRow } from './status.js'
import { shared } from './text.js'

/** The shell that looked, and the seconds since the host's boot by its own clock. */
type Probe = Readonly<{ shell: number; uptime: number }>
type Table = Pick<Observation, 'processes' | 'unsettled'>

/** The probe and what it has called are left out. */
export const processesIn = (sections: readonly Section[], probe: Probe): Table => {
  const ps = sections.find(({ name }) => name === 'ps')
  const rows = ps === undefined || ps.code !== 0 ? E.left('ps failed or is not there') : parsePs(ps.body)
  const stats = parseStat(grepped('stat', sections))
  if (stats.size === 0) return E.isLeft(rows) ? unseen(rows.left) : fromPs(rows.right, probe)
  if (!stats.has(1)) return unseen('this login is not shown all processes, not even pid 1 (hidepid)')
  const newcomers = newcomersIn(sections)
  // Who was seen twice has the arguments that it had last.
  const cmdlines = overlaid(parseCmdline(grepped('cmdline', sections)), newcomers.cmdlines)
  if (cmdlines.size === 0 && E.isLeft(rows)) return unseen(`${rows.left}, and grep shows no arguments`)
  const psRows = new Map(E.isLeft(rows) ? [] : rows.right.map(row => [row.pid, row] as const))
  const late = newcomers.statuses
  const statuses = overlaid(parseStatus(grepped('status', sections)), late)
  const links = linksIn(sections)
  const clock = { uptime: probe.uptime, isShared: sharesClock(stats.get(probe.shell), probe) }
  const argsFrom = cmdlines.size > 0 ? 'cmdline' : sourceOf([...psRows.values()][0])
  const processes: Process[] = []
  const unsettled = new Set<string>()
  const memoryIsTold = [...statuses.values()].some(({ hasMemory }) => hasMemory)
  for (const pid of new Set([...stats.keys(), ...statuses.keys()])) {
    const stat = stats.get(pid)
    const status = statuses.get(pid)
    const row = psRows.get(pid)
    const args = argsFrom === 'cmdline' ? cmdlines.get(pid) : row && wordsOf(row)
    const isEnding = args === undefined && memoryIsTold && status?.hasMemory === false && status.state !== 'Z'
    const hasEnded = statuses.size > 0 && (status === undefined || (isEnding && !stat?.isKernel))
    // Who came after the start times were read, and has ended before the search for newcomers, is nobody; who was found
    // there alive and without arguments is becoming another program, but for threads of the kernel.
    const isBecoming = late.has(pid) && status?.state !== 'Z' && !stats.get(status?.ppid ?? 0)?.isKernel
    const isNobody = stat === undefined && args === undefined && !newcomers.areUnknown && !isBecoming
    const shown = links.get(pid)
    const process = hasEnded || isNobody ? null : processOf(pid, stat, status, args ?? [], argsFrom, shown, clock)
    // Where newcomers cannot be looked for, whoever has ended may have left one behind; who has no arguments has just
    // become another program.
    const isBlank = process !== null && args === undefined && !process.isKernel && process.state !== 'Z'
    if (isBlank || (hasEnded && newcomers.areUnknown)) unsettled.add(`${pid}/${stat?.startTicks ?? ''}`)
    if (process !== null) processes.push(process)
  }
  const seenBy = argsFrom === 'cmdline' ? '/proc' : 'ps, /proc'
  const own = belowShell(processes, probe)
  return {
    processes: { _tag: 'Seen', by: seenBy, value: processes.filter(({ pid }) => !own.has(pid)) },
    unsettled: new Set([...unsettled].filter(key => !own.has(Number(key.split('/')[0])))),
  }
}

const overlaid = <A>(below: ReadonlyMap<number, A>, above: ReadonlyMap<number, A>): ReadonlyMap<number, A> =>
  above.size === 0 ? below : new Map([...below, ...above])

/** `areUnknown`: who came could not be told. */
type Newcomers = Readonly<{
  areUnknown: boolean
  cmdlines: ReadonlyMap<number, readonly HostText[]>
  statuses: ReadonlyMap<number, StatusRow>
}>

/**
 * All are looked for twice: who is not found again has ended. Whom it left behind is found by the next search; where there
 * was none, it is kept as one that is dead (X).
 */
const newcomersIn = (sections: readonly Section[]): Newcomers => {
  const rounds = sections.filter(({ name }) => name === 'newcomers')
  const cmdlines = new Map<number, readonly HostText[]>()
  const statuses = new Map<number, StatusRow>()
  let fresh: readonly (readonly [number, StatusRow])[] = []
  for (const [i, { body, code }] of rounds.entries()) {
    if (code !== 0) break
    const found = parseStatus(statusLines(body))
    const isSearchedAgain = i + 1 < maxSearches && rounds[i + 1]?.code === 0
    for (const [pid, row] of fresh.filter(([pid]) => !found.has(pid))) {
      if (!isSearchedAgain) statuses.set(pid, { ...row, state: 'X' })
      else for (const map of [cmdlines, statuses]) map.delete(pid)
    }
    fresh = [...found].filter(([pid]) => !statuses.has(pid))
    for (const [pid, row] of found) statuses.set(pid, row)
    for (const [pid, args] of parseCmdline(body)) cmdlines.set(pid, args)
  }
  return { areUnknown: rounds.at(-1)?.code !== 0, cmdlines, statuses }
}

/** There, a whole file is one record, with its name before its first line only. */
const statusLines = (text: string): string =>
  text
    .split('\0')
    .flatMap(record => {
      const [name] = /^\/proc\/\d{1,10}\/status:/.exec(record) ?? []
      if (name === undefined) return []
      return record
        .slice(name.length)
        .split('\n')
        .map(line => `${name}${line}\n`)
    })
    .join('')

/** Null where too little is known of it. */
const processOf = (
  pid: number,
  stat: StatRow | undefined,
  status: StatusRow | undefined,
  args: readonly HostText[],
  argsFrom: Process['argsFrom'],
  links: Links | undefined,
  clock: Clock,
): Process | null => {
  const ppid = stat?.ppid ?? status?.ppid
  // What was read later counts.
  const state = status?.state ?? stat?.state
  if (ppid === undefined || state === undefined) return null
  const startTicks = stat?.startTicks ?? null
  return {
    pid,
    ppid,
    state,
    uid: status?.uid ?? null,
    contained: status?.contained ?? false,
    isKernel: stat?.isKernel ?? false,
    startTicks,
    ageSeconds: startTicks === null ? 0 : ageOf(startTicks, clock),
    startedAt: null,
    exe: links?.exe ?? null,
    cwd: links?.cwd ?? null,
    args,
    argsFrom,
  }
}

/** Are start times counted from where the uptime is? Null: not known. */
type Clock = Readonly<{ uptime: number; isShared: boolean | null }>

/** In containers of LXC the uptime is the container's (lxcfs) and start times are the host's: the shell starts later than now. */
const sharesClock = (shell: StatRow | undefined, { uptime }: Probe): boolean | null =>
  shell === undefined ? null : shell.startTicks / ticksPerSecond <= uptime + slackSeconds

const ageOf = (startTicks: number, { uptime, isShared }: Clock): number | null => {
  const age = uptime - startTicks / ticksPerSecond
  if (Number.isNaN(age) || isShared === false) return null
  // Who came after the uptime was read is young; by a clock that may be another one nothing is said.
  return age < -slackSeconds && isShared === null ? null : Math.max(0, age)
}

const slackSeconds = 1

/** USER_HZ, which Linux keeps at 100 towards programs on every common processor (time(7)). */
const ticksPerSecond = 100

const fromPs = (rows: readonly PsRow[], probe: Probe): Table => {
  const processes = rows.map(rowAsProcess)
  if (processes.some(process => process === null)) return unseen('ps shows no parents, or no states, of processes')
  const all = processes.filter(process => process !== null)
  // Without a flag that it knows, it was asked for all of them by nothing.
  if (rows.some(({ isShort }) => isShort) && all.every(({ pid }) => pid !== 1)) return unseen('ps does not show pid 1')
  const own = belowShell(all, probe)
  return {
    processes: { _tag: 'Seen', by: 'ps', value: all.filter(({ pid }) => !own.has(pid)) },
    unsettled: new Set(),
  }
}

const rowAsProcess = (row: PsRow): Process | null =>
  row.ppid === null
    ? null
    : {
        pid: row.pid,
        ppid: row.ppid,
        uid: row.uid,
        contained: false,
        isKernel: false,
        // `ps -ef` shows none; that a process is stopped or has ended cannot be seen there.
        state: row.state ?? '?',
        ageSeconds: row.ageSeconds,
        startTicks: null,
        startedAt: row.startedAt,
        exe: null,
        cwd: null,
        args: wordsOf(row),
        argsFrom: sourceOf(row),
      }

const sourceOf = (row: PsRow | undefined): Process['argsFrom'] => (row?.isShort ? 'short ps' : 'ps')

/** BusyBox puts a name that is not the program's before it, in braces. */
const wordsOf = ({ line }: PsRow): readonly HostText[] =>
  line
    .replace(/^\{[^{} ]*\} (?=\S)/, '')
    .split(/\s+/)
    .map(word => shared(word as HostText))

/** The shell that looks, and everything below it. */
const belowShell = (processes: readonly Process[], { shell }: Probe): ReadonlySet<number> => {
  const below = new Set([shell])
  for (let before = 0; before !== below.size; ) {
    before = below.size
    for (const { pid, ppid } of processes) if (below.has(ppid)) below.add(pid)
  }
  return below
}

const linksIn = (sections: readonly Section[]): ReadonlyMap<number, Links> => {
  const section = sections.find(({ name }) => name === 'links')
  return section === undefined ? new Map() : parseLinks(section.body, section.tool === 'ls')
}

/** grep ends with 1 when it found nothing and with 2 when a process had ended before it came there; else it broke off. */
const grepped = (name: string, sections: readonly Section[]): string =>
  sections.find(section => section.name === name && section.code <= 2)?.body ?? ''

const unseen = (why: string): Table => ({ processes: { _tag: 'Unseen', why }, unsettled: new Set() })
