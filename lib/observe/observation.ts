/** What a probe printed, as one observation. */
import * as E from 'fp-ts/lib/Either.js'
import { readFrame, type Section } from '../model/frame.js'
import type { HostName } from '../model/names.js'
import type { HostText, Listener, Observation, Process, Seen } from '../model/observation.js'
import { parseNetstat } from './netstat.js'
import type { ProbeRequest } from './probe.js'
import { parseCmdline, parseStat, parseStatus } from './proc.js'
import { joinOwners, parseNetTcp } from './proc-sockets.js'
import { type PsRow, parsePs } from './ps.js'
import { parseSs } from './ss.js'

/** The Left says why the whole answer is not believed. */
export const readObservation = (
  host: HostName,
  nonce: string,
  request: ProbeRequest,
  output: string,
  takenAtMs: number,
): E.Either<string, Observation> => {
  const frame = readFrame(nonce, output)
  if (E.isLeft(frame)) return frame
  const sections = frame.right
  const facts = factsOf(bodyOf('host', sections))
  const uid = facts.get('uid') ?? ''
  const files = sections.filter(({ name }) => name === 'file')
  const scripts = bodyOf('scripts', sections).split('\n')
  if (!/^\d+$/.test(uid)) return E.left('the host does not say who is logged in (id -u failed)')
  if (files.length !== request.files.length) return E.left('its answer has not the files that were asked for')
  return E.right({
    host,
    takenAtMs,
    login: { uid: Number(uid) },
    bootId: facts.get('boot') ?? null,
    processes: processesOf(sections, Number(facts.get('uptime') ?? Number.NaN)),
    listeners: listenersOf(sections),
    files: new Map(request.files.map((path, i) => [path, linesOf(files[i])] as const)),
    scripts: new Map(request.scripts.map((path, i) => [path, scriptState(scripts[i])] as const)),
  })
}

const bodyOf = (name: string, sections: readonly Section[]): string =>
  sections.find(section => section.name === name)?.body ?? ''

const factsOf = (body: string): ReadonlyMap<string, string> =>
  new Map(body.split('\n').map(line => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const))

const processesOf = (sections: readonly Section[], uptime: number): Observation['processes'] => {
  const ps = sections.find(({ name, code }) => name === 'ps' && code === 0)
  const rows = ps === undefined ? E.left('ps failed or is not there') : parsePs(ps.body)
  const stats = parseStat(grepped('stat', sections))
  const cmdlines = parseCmdline(grepped('cmdline', sections))
  if (stats.size === 0) {
    return E.isLeft(rows) ? { _tag: 'Unseen', why: rows.left } : seen('ps', rows.right.map(fromPs))
  }
  if (!stats.has(1)) return { _tag: 'Unseen', why: 'this login is not shown all processes, not even pid 1 (hidepid)' }
  if (cmdlines.size === 0 && E.isLeft(rows)) return { _tag: 'Unseen', why: `${rows.left}, and grep shows no arguments` }
  const psRows = new Map(E.isLeft(rows) ? [] : rows.right.map(row => [row.pid, row] as const))
  const { uids, contained } = parseStatus(bodyOf('status', sections))
  // The process table as the kernel gave it last; what only ps had seen ended in between.
  const processes = [...stats.values()].map((stat): Process => {
    const row = psRows.get(stat.pid)
    return {
      pid: stat.pid,
      ppid: stat.ppid,
      state: stat.state,
      startTicks: stat.startTicks,
      uid: row?.uid ?? uids.get(stat.pid) ?? null,
      contained: contained.has(stat.pid),
      ageSeconds: row?.ageSeconds ?? Math.max(0, uptime - stat.startTicks / ticksPerSecond),
      ...(cmdlines.size === 0 ? argsFromPs(row) : { args: cmdlines.get(stat.pid) ?? [], argsFrom: 'cmdline' }),
    }
  })
  return seen(E.isLeft(rows) ? '/proc' : 'ps, /proc', processes)
}

/** grep ends with 1 when it found nothing and with 2 when a process had ended before it came there; else it broke off. */
const grepped = (name: string, sections: readonly Section[]): string =>
  sections.find(section => section.name === name && section.code <= 2)?.body ?? ''

const fromPs = (row: PsRow): Process => ({
  pid: row.pid,
  ppid: row.ppid ?? 0,
  uid: row.uid,
  contained: false,
  state: row.state ?? '?',
  ageSeconds: row.ageSeconds ?? 0,
  startTicks: null,
  ...argsFromPs(row),
})

const argsFromPs = (row: PsRow | undefined): Pick<Process, 'args' | 'argsFrom'> => ({
  args: (row?.line.split(/\s+/) ?? []) as HostText[],
  argsFrom: 'ps',
})

/** USER_HZ, which Linux keeps at 100 towards programs on every common processor (time(7)). */
const ticksPerSecond = 100

const listenersOf = (sections: readonly Section[]): Observation['listeners'] => {
  const attempts = sections.filter(({ name }) => name === 'sockets')
  const chosen = attempts.find(({ code }) => code === 0)
  if (chosen === undefined) {
    const tried = attempts.map(({ tool, code }) => `${tool} ended with ${code}`).join(', ')
    return { _tag: 'Unseen', why: tried === '' ? 'the host has neither ss nor netstat nor /proc/net/tcp' : tried }
  }
  const parsed = parserOf(chosen.tool)(chosen.body)
  if (E.isLeft(parsed)) return { _tag: 'Unseen', why: parsed.left }
  return seen(chosen.tool === 'proc' ? '/proc/net/tcp' : chosen.tool, parsed.right)
}

const parserOf = (tool: string): ((text: string) => E.Either<string, readonly Listener[]>) => {
  if (tool === 'ss') return parseSs
  return tool === 'netstat' ? parseNetstat : text => E.map(joinOnly)(parseNetTcp(text))
}

const joinOnly = (sockets: Parameters<typeof joinOwners>[0]) => joinOwners(sockets, null)

const linesOf = (section: Section | undefined): Seen<readonly HostText[]> => {
  if (section?.code === 0) return seen('cat', section.body.replace(/\n$/, '').split('\n') as HostText[])
  return { _tag: 'Unseen', why: section?.code === 66 ? 'there is no such file on the host' : 'it cannot be read' }
}

const scriptState = (word: string | undefined): 'executable' | 'unusable' | 'missing' =>
  word === 'executable' || word === 'unusable' ? word : 'missing'

const seen = <A>(by: string, value: A): Seen<A> => ({ _tag: 'Seen', by, value })
