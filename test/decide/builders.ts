/** Services and observations in as few words as a test needs. */
import type { HostService } from '../../lib/model/catalog.js'
import type { HostName, ProcessName, ServiceName, VariableName } from '../../lib/model/names.js'
import type { HostText, Listener, Observation, Process } from '../../lib/model/observation.js'
import type { LineTemplate } from '../../lib/model/template.js'

type ServiceParts = Partial<Omit<HostService, 'name' | 'host' | 'requires' | 'requiresHere' | 'processes'>> & {
  requires?: readonly string[]
  requiresHere?: readonly string[]
  processes?: HostService['processes']
}

export const service = (name: string, host: string, parts: ServiceParts = {}): HostService => ({
  host: host as HostName,
  name: name as ServiceName,
  at,
  scripts: [`/init/${name}`],
  start: null,
  stop: { command: null, withinMs: 5_000, escalation: [] },
  ready: { withinMs: 60_000, stableMs: 2_000, checks: [] },
  places: { hasReady: true, stable: null, stopWithin: null, escalation: [], requires: [] },
  logs: [],
  onDuplicate: 'fail',
  onHung: 'fail',
  hooks: { beforeStart: [], afterStart: [], beforeStop: [], afterStop: [] },
  become: null,
  maxUnavailable: null,
  rollback: [],
  ...parts,
  requires: (parts.requires ?? []) as readonly ServiceName[],
  requiresHere: (parts.requiresHere ?? []) as readonly ServiceName[],
  processes: parts.processes ?? [daemon(name, [`-Dbase=${name}`])],
})

type DaemonParts = {
  port?: number
  address?: string
  start?: string
  stop?: string
  keep?: true
  globs?: readonly string[]
  patterns?: readonly string[]
  exe?: string
  cwd?: string
  user?: string
  parent?: string
  contained?: true
}

export const daemon = (
  name: string,
  args: readonly string[],
  parts: DaemonParts = {},
): HostService['processes'][number] => ({
  name: name as ProcessName,
  at,
  args: args.map(plain),
  globs: (parts.globs ?? []).map(plain),
  patterns: (parts.patterns ?? []).map(plain),
  exe: orNull(parts.exe),
  cwd: orNull(parts.cwd),
  user: orNull(parts.user),
  parent: (parts.parent ?? null) as ProcessName | null,
  contained: parts.contained ?? false,
  listens: parts.port === undefined ? [] : [{ address: parts.address ?? null, port: parts.port }],
  start: orNull(parts.start),
  stop: orNull(parts.stop),
  onStop: parts.keep ? 'keep' : 'stop',
  each: null,
})

/** `poll NAME N` for each line of a file. */
export const pollers = (linesOf = '/monitors.cfg'): HostService['processes'][number] => ({
  ...daemon('poll', []),
  args: [plain('/monitor/bin/poll'), variable('name'), variable('number')],
  start: { parts: ['/monitor/bin/poll start ', ...variable('name').parts, ' ', ...variable('number').parts], at },
  each: { linesOf, as: ['name', 'number'] as readonly string[] as readonly VariableName[] },
})

const at = { file: 'catalog.yml', line: 1, column: 1 }
const plain = (text: string): LineTemplate => ({ parts: [text], at })
const orNull = (text: string | undefined): LineTemplate | null => (text === undefined ? null : plain(text))
const variable = (name: string): LineTemplate => ({ parts: [{ variable: name as VariableName }], at })

export const process = (pid: number, args: readonly string[], parts: Partial<Process> = {}): Process => ({
  pid,
  ppid: 1,
  uid: 0,
  contained: false,
  isKernel: false,
  state: 'S',
  ageSeconds: 1000,
  startTicks: pid * 10,
  startedAt: null,
  exe: null,
  cwd: null,
  args: args as readonly HostText[],
  argsFrom: 'cmdline',
  ...parts,
})

export const listener = (port: number, owners: readonly number[] | null, address = '*'): Listener => ({
  address,
  port,
  owners,
})

type Parts = Partial<Observation> & { lines?: readonly string[] }

export const observation = (
  processes: readonly Process[],
  listeners: readonly Listener[] = [],
  { lines, ...parts }: Parts = {},
): Observation => ({
  host: 'h1' as HostName,
  takenAtMs: 0,
  login: { uid: 0 },
  bootId: 'boot-1',
  users: new Map(),
  paths: new Map(),
  unsettled: new Set(),
  origins: null,
  units: new Map(),
  logEnds: new Map(),
  answers: new Map(),
  processes: { _tag: 'Seen', by: 'ps', value: processes },
  listeners: { _tag: 'Seen', by: 'ss', value: listeners },
  files: new Map(
    lines === undefined ? [] : [['/monitors.cfg', { _tag: 'Seen', by: 'cat', value: lines as readonly HostText[] }]],
  ),
  scripts: new Map(['km', 'dispatcher', 'worker', 'monitor'].map(name => [`/init/${name}`, 'executable'])),
  ...parts,
})
