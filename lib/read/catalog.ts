/** The catalog: what each service is, how it is recognised, started and stopped. */
import * as E from 'fp-ts/lib/Either.js'
import type { CatalogProcess, CatalogService, Hook } from '../model/catalog.js'
import type { HostPattern } from '../model/inventory.js'
import { ProcessName, ServiceName, VariableName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import type { Template } from '../model/template.js'
import { becomeFields, becomeMistakes, becomeOf } from './become.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  type Entry,
  filled,
  flag,
  list,
  mapOf,
  name,
  oneOf,
  oneOrMore,
  placed,
  sealed,
  sensible,
  text,
} from './codec.js'
import { likened, servicesIn } from './like.js'
import type { MapEntry, YamlNode } from './node.js'
import { parentMistakes } from './parents.js'
import { hostPattern } from './pattern.js'
import { readyCodec, readyOf } from './ready.js'
import { command, template } from './template.js'
import { duration, escalation, listenAddress, safePattern } from './values.js'
import { ownVariables } from './variable.js'

const defaultStopWithinMs = 60_000
const defaultHookWithinMs = 30_000

const eachCodec = sealed(
  'an each',
  { lines_of: template, as: filled(list(name(VariableName), 'a list of variable names')) },
  {},
)

/** Any of these tells one process from others; a user, a folder or a parent alone does not. */
const tellingKeys = ['args', 'exe', 'glob', 'pattern'] as const

const processFields = sealed(
  'a process',
  {},
  {
    args: filled(list(template, 'a list of arguments')),
    glob: oneOrMore(template),
    pattern: oneOrMore(safePattern),
    exe: template,
    cwd: template,
    user: template,
    parent: name(ProcessName),
    contained: flag,
    listens: oneOrMore(listenAddress),
    start: command,
    stop: command,
    on_stop: oneOf<'stop' | 'keep'>('on_stop', ['stop', 'keep']),
    each: eachCodec,
  },
)

const processCodec = sensible(processFields, ({ value, at }): readonly InputProblem[] =>
  tellingKeys.some(key => value[key] !== undefined)
    ? []
    : [{ _tag: 'MissingKey', at, keys: tellingKeys, of: 'a process' }],
)

const processesCodec = sensible(filled(mapOf(ProcessName, processCodec, 'a map of processes')), entries =>
  parentMistakes(entries.map(({ key, value: { value } }) => ({ key, parent: value.parent ?? null }))),
)

const hookCodec = sealed(
  'a hook',
  { command },
  { on: oneOf<'host' | 'controller'>('on', ['host', 'controller']), unless: command, within: duration },
)

const hooksCodec = sealed('hooks', {}, { start: oneOrMore(hookCodec), stop: oneOrMore(hookCodec) })

const requiresCodec = oneOrMore(name(ServiceName))

const serviceFields = sealed(
  'a service',
  { hosts: hostPattern, processes: processesCodec },
  {
    requires: requiresCodec,
    script: oneOrMore(template),
    start: command,
    // biome-ignore lint/suspicious/noThenProperty: a key of the catalog; its value is a list, so nothing can await it.
    stop: sealed('a stop', {}, { command, within: duration, then: list(placed(escalation)) }),
    ready: readyCodec,
    log: oneOrMore(template),
    on_duplicate: oneOf<'fail' | 'keep_port_owner'>('on_duplicate', ['fail', 'keep_port_owner']),
    on_hung: oneOf<'fail' | 'restart'>('on_hung', ['fail', 'restart']),
    before: hooksCodec,
    after: hooksCodec,
    defaults: ownVariables,
    vars: ownVariables,
    ...becomeFields,
    like: name(ServiceName),
  },
)

const serviceCodec = sensible(serviceFields, ({ value, at }) => becomeMistakes(value, at, 'a service'))

const includePaths = filled(oneOrMore(text, 'the path of a catalog, or a list of them'))

const catalogFields = sensible(
  sealed('a catalog', {}, { services: mapOf(ServiceName, serviceCodec, 'a map of services'), include: includePaths }),
  ({ value, at }): readonly InputProblem[] =>
    value.services === undefined && value.include === undefined
      ? [{ _tag: 'MissingKey', at, keys: ['services'], of: 'a catalog' }]
      : [],
)

/** `others`: the services of catalogs that this one includes. */
export const catalogCodec = (others: ReadonlyMap<string, YamlNode>) =>
  codecOf(catalogFields.name, written => {
    const { node, problems } = likened(written, others)
    const read = decode(catalogFields, node)
    return problems.length === 0 ? read : E.left([...problems, ...(E.isLeft(read) ? read.left : [])])
  })

/** Of a catalog, whatever else is wrong with it: what it includes, and its services as they are written. */
export const catalogOutline = codecOf('a catalog', node => {
  const include = node._tag === 'map' ? node.entries.find(({ key }) => key === 'include')?.value : undefined
  const paths = include === undefined ? null : decode(includePaths, include)
  const services = servicesIn(node)
  return E.right({
    includes: paths !== null && E.isRight(paths) ? paths.right : [],
    services: services === null ? null : new Map(services.entries.map(({ key, value }) => [key, value])),
    sketches: (services?.entries ?? []).flatMap(sketchOf),
  })
})

/** What can be read of a service, whatever else is wrong with it: where it lives and what it requires. */
export type Sketch = Readonly<{ name: ServiceName; hosts: HostPattern | null; requires: Requires; at: SourcePos }>
type Requires = CatalogService['requires']

const sketchOf = ({ key, keyAt: at, value: node }: MapEntry): readonly Sketch[] => {
  const read = <A>(field: string, codec: Codec<A>): A | null => {
    const found = node._tag === 'map' ? node.entries.find(entry => entry.key === field) : undefined
    const decoded = found === undefined ? null : decode(codec, found.value)
    return decoded !== null && E.isRight(decoded) ? decoded.right : null
  }
  const named = ServiceName.decode(key)
  if (E.isLeft(named)) return []
  const requires = read('requires', requiresCodec) ?? []
  return [{ name: named.right, hosts: read('hosts', hostPattern), requires, at }]
}

/** Such a service in the place of one that cannot be read, so that mistakes in these are found too. */
export const standInFor = ({ name, hosts, requires, at }: Sketch): CatalogService | null =>
  hosts === null
    ? null
    : serviceOf({ key: { value: name, at }, value: { value: { hosts, requires, processes: [] }, at } })

export const catalogOf = ({ value }: Decoded<typeof catalogFields>): readonly CatalogService[] =>
  (value.services ?? []).map(serviceOf)

type ServiceEntry = Entry<ServiceName, Decoded<typeof serviceCodec>>
type ProcessEntry = Entry<ProcessName, Decoded<typeof processCodec>>
type EachRead = Decoded<typeof eachCodec>

const serviceOf = ({ key, value: { value } }: ServiceEntry): CatalogService => ({
  name: key.value,
  at: key.at,
  hosts: value.hosts,
  requires: value.requires ?? [],
  scripts: value.script ?? [],
  start: value.start ?? null,
  stop: {
    command: value.stop?.value.command ?? null,
    withinMs: value.stop?.value.within ?? defaultStopWithinMs,
    escalation: (value.stop?.value.then ?? []).map(step => step.value),
  },
  processes: value.processes.map(processOf),
  ready: readyOf(value.ready?.value ?? {}),
  places: {
    hasReady: value.ready !== undefined,
    stable: value.ready?.value.stable?.at ?? null,
    escalation: (value.stop?.value.then ?? []).map(step => step.at),
  },
  logs: value.log ?? [],
  onDuplicate: value.on_duplicate ?? 'fail',
  onHung: value.on_hung ?? 'fail',
  defaults: value.defaults ?? new Map(),
  vars: value.vars ?? new Map(),
  hooks: {
    beforeStart: (value.before?.value.start ?? []).map(hookOf),
    afterStart: (value.after?.value.start ?? []).map(hookOf),
    beforeStop: (value.before?.value.stop ?? []).map(hookOf),
    afterStop: (value.after?.value.stop ?? []).map(hookOf),
  },
  become: becomeOf(value),
})

const hookOf = ({ value }: Decoded<typeof hookCodec>): Hook<Template> => ({
  command: value.command,
  on: value.on ?? 'host',
  unless: value.unless ?? null,
  withinMs: value.within ?? defaultHookWithinMs,
})

const processOf = ({ key, value: { value } }: ProcessEntry): CatalogProcess => ({
  name: key.value,
  at: key.at,
  args: value.args ?? [],
  globs: value.glob ?? [],
  patterns: value.pattern ?? [],
  exe: value.exe ?? null,
  cwd: value.cwd ?? null,
  user: value.user ?? null,
  parent: value.parent?.value ?? null,
  contained: value.contained ?? false,
  listens: value.listens ?? [],
  start: value.start ?? null,
  stop: value.stop ?? null,
  onStop: value.on_stop ?? 'stop',
  each: value.each === undefined ? null : eachOf(value.each),
})

const eachOf = ({ value }: EachRead): NonNullable<CatalogProcess['each']> => ({
  linesOf: value.lines_of,
  as: value.as.map(variable => variable.value),
})
