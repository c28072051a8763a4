/** The catalog: what each service is, how it is recognised, started and stopped. */
import * as E from 'fp-ts/lib/Either.js'
import {
  type CatalogService,
  type Hook,
  type RequiredWhere,
  type Requirement,
  requiredWheres,
} from '../model/catalog.js'
import type { HostPattern } from '../model/inventory.js'
import { ServiceName } from '../model/names.js'
import type { SourcePos } from '../model/place.js'
import type { InputProblem } from '../model/problem.js'
import { type Rollback, rollbacks } from '../model/rollout.js'
import type { Template } from '../model/template.js'
import { becomeFields, becomeMistakes, becomeOf, becomeRule } from './become.js'
import {
  type Codec,
  codecOf,
  type Decoded,
  decode,
  type Entry,
  field,
  filled,
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
import { anyOf, anything } from './json-schema.js'
import { likened, servicesIn, wholeUnlessLike } from './like.js'
import type { MapEntry, YamlNode } from './node.js'
import { hostPattern } from './pattern.js'
import { processesCodec, processOf } from './process.js'
import { readyCodec, readyOf } from './ready.js'
import { someInstances } from './rollout.js'
import { command, template } from './template.js'
import { duration, escalation } from './values.js'
import { ownVariables } from './variable.js'

const defaultStopWithinMs = 60_000
const defaultHookWithinMs = 30_000

const hookCodec = sealed(
  'a hook',
  {
    command: field(
      'The command, on the host or on the controller. If it fails before a start or a stop, nothing more is done.',
      command,
    ),
  },
  {
    on: field(
      'Where it is called: on the host (the default) or on the controller, the machine that steward runs on.',
      oneOf<'host' | 'controller'>('on', ['host', 'controller']),
    ),
    unless: field('Where this command ends with 0, the hook is left out.', command),
    within: field('How long it may take; 30s if it is not said.', duration),
  },
)

const hooksCodec = sealed(
  'hooks',
  {},
  {
    start: field('One hook around a start, or a list of them in order.', oneOrMore(hookCodec)),
    stop: field('One hook around a stop, or a list of them in order.', oneOrMore(hookCodec)),
  },
)

const stopCodec = sealed(
  'a stop',
  {},
  {
    command: field('What stops the whole service, where that is not its script with the word stop.', command),
    within: field('From the stop to gone; 60s if it is not said.', placed(duration)),
    // biome-ignore lint/suspicious/noThenProperty: a key of the catalog; its value is a field, so nothing can await it.
    then: field(
      'What is sent, and waited for, when that time is over: [TERM, 10s, KILL]. It goes to the very processes that were seen, each proved first. Nothing is sent that does not stand here.',
      list(placed(escalation)),
    ),
  },
)

const requiredByName = oneOrMore(name(ServiceName))
const requiredByPlace = mapOf(
  ServiceName,
  oneOf<RequiredWhere>('where', requiredWheres),
  'a map from services to where they have to run',
)

/** A name says nothing of where: it is on all hosts then. */
const requiresCodec = codecOf(
  `${requiredByName.name}, or ${requiredByPlace.name}`,
  anyOf(requiredByName.schema, { ...requiredByPlace.schema, type: 'object' }),
  (node): E.Either<readonly InputProblem[], readonly Requirement[]> =>
    node._tag === 'map'
      ? E.map((all: Decoded<typeof requiredByPlace>) =>
          all.map(({ key, value: where }) => ({ ...key, where, isSaid: true })),
        )(decode(requiredByPlace, node))
      : E.map((all: Decoded<typeof requiredByName>) =>
          all.map(one => ({ ...one, where: 'all_hosts' as const, isSaid: false })),
        )(decode(requiredByName, node)),
)

const serviceFields = sealed(
  'a service',
  {
    hosts: field('Where the service lives: a host pattern, such as web:&eu:!old.', hostPattern),
    processes: field(
      'The processes of the service by name: how each is recognised, started and stopped. It runs when all of them are there, each as often as declared.',
      processesCodec,
    ),
  },
  {
    requires: field(
      'Services that have to be seen running before this one is started; a stop goes the other way round. By name it is meant of all hosts that they live on; { db: same_host, km: all_hosts } says it of each.',
      requiresCodec,
    ),
    script: field(
      'An init script, called with start or stop; of several, the first that is on the host. Short for start and stop.command.',
      oneOrMore(template),
    ),
    start: field('What starts the whole service, where that is not its script with the word start.', command),
    stop: field('How it is stopped, how long that may take, and what is sent to what stays.', stopCodec),
    ready: field('When a start has ended well, beside all processes and ports being there.', readyCodec),
    log: field(
      'Files, one or a list, whose last lines are shown when a start or a stop has failed.',
      oneOrMore(template),
    ),
    on_duplicate: field(
      'keep_port_owner: of several copies, the one that holds the declared port stays; the others are sent what stop.then declares. fail (the default): nothing is done about them.',
      oneOf<'fail' | 'keep_port_owner'>('on_duplicate', ['fail', 'keep_port_owner']),
    ),
    on_hung: field(
      'restart: what is past its time without its port, or stopped by a signal, is stopped and started again. fail (the default): nothing is done about it.',
      oneOf<'fail' | 'restart'>('on_hung', ['fail', 'restart']),
    ),
    before: field('Hooks ahead of a start or a stop. They run only where something is started or stopped.', hooksCodec),
    after: field(
      'Hooks after a start or a stop. They are due once it is begun; steward resume runs what a cut-off run left undone.',
      hooksCodec,
    ),
    defaults: field('Variables that give way to those of the inventory.', ownVariables),
    vars: field("Variables that win over the inventory's and the play's.", ownVariables),
    ...becomeFields,
    max_unavailable: field(
      'A restart leaves no more instances than this away at once, on whatever hosts: a number from 1, or a percentage such as 25%. Counted by looking at all of them.',
      someInstances,
    ),
    rollback: field(
      'What --rollback may do to instances that a rollout has touched when it is stopped for its failures: stop, restart, or both.',
      oneOrMore(oneOf<Rollback>('rollback', rollbacks)),
    ),
    like: field(
      'Another service, of this or an included catalog: what this one does not say itself is said there. Of processes, defaults and vars it adds to the other.',
      name(ServiceName),
    ),
  },
)

const wholeService = sensible(serviceFields, becomeRule, ({ value, at }) => becomeMistakes(value, at, 'a service'))

/** As it is written; what it has to have may be said by another one that it is like. */
const serviceCodec = codecOf(wholeService.name, wholeUnlessLike(wholeService.schema), node =>
  decode(wholeService, node),
)

const includePaths = filled(oneOrMore(text, 'the path of a catalog, or a list of them'))

const catalogFields = sensible(
  sealed(
    'a catalog',
    {},
    {
      services: field(
        'The services by name: how each is recognised, started and stopped.',
        mapOf(ServiceName, serviceCodec, 'a map of services'),
      ),
      include: field('Other catalogs, one or a list, by paths beside this file; each is read once.', includePaths),
    },
  ),
  { type: 'object', anyOf: [{ required: ['services'] }, { required: ['include'] }] },
  ({ value, at }): readonly InputProblem[] =>
    value.services === undefined && value.include === undefined
      ? [{ _tag: 'MissingKey', at, keys: ['services'], of: 'a catalog' }]
      : [],
)

/** `others`: the services of catalogs that this one includes. */
export const catalogCodec = (others: ReadonlyMap<string, YamlNode>) =>
  codecOf(catalogFields.name, catalogFields.schema, written => {
    const { node, problems } = likened(written, others)
    const read = decode(catalogFields, node)
    return problems.length === 0 ? read : E.left([...problems, ...(E.isLeft(read) ? read.left : [])])
  })

/** Of a catalog, whatever else is wrong with it: what it includes, and its services as they are written. */
export const catalogOutline = codecOf('a catalog', anything, node => {
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

const serviceOf = ({ key, value: { value } }: ServiceEntry): CatalogService => ({
  name: key.value,
  at: key.at,
  hosts: value.hosts,
  requires: value.requires ?? [],
  scripts: value.script ?? [],
  start: value.start ?? null,
  stop: {
    command: value.stop?.value.command ?? null,
    withinMs: value.stop?.value.within?.value ?? defaultStopWithinMs,
    escalation: (value.stop?.value.then ?? []).map(step => step.value),
  },
  processes: value.processes.map(processOf),
  ready: readyOf(value.ready?.value ?? {}),
  places: {
    hasReady: value.ready !== undefined,
    stable: value.ready?.value.stable?.at ?? null,
    stopWithin: value.stop?.value.within?.at ?? null,
    escalation: (value.stop?.value.then ?? []).map(step => step.at),
    requires: (value.requires ?? []).filter(({ isSaid }) => !isSaid),
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
  maxUnavailable: value.max_unavailable ?? null,
  rollback: value.rollback ?? [],
})

const hookOf = ({ value }: Decoded<typeof hookCodec>): Hook<Template> => ({
  command: value.command,
  on: value.on ?? 'host',
  unless: value.unless ?? null,
  withinMs: value.within ?? defaultHookWithinMs,
})
