/** Good documents, which together use every key there is, and ways to spoil them. */
import fc from 'fast-check'
import type { DocumentKind } from '../../lib/model/document-kind.js'

export type Data = null | boolean | number | string | readonly Data[] | Readonly<{ [key: string]: Data }>

const hook = { command: '/bin/drain {{ stage }}', on: 'controller', unless: '/bin/is-drained', within: '2m' }
const become = { become: true, become_user: 'shop', become_method: 'sudo' }

const asked = { url: 'http://a/', status: [200, 302], body: 'UP', verify: false, from: 'host' }

const shop = {
  hosts: 'web:&eu:!old',
  requires: ['db', 'queue'],
  script: ['/etc/init.d/shop', '{{ dir }}/shop'],
  start: '/bin/shop start',
  // biome-ignore lint/suspicious/noThenProperty: a key of the catalog.
  stop: { command: '/bin/shop stop', within: '30s', then: ['TERM', '10s', 'KILL'] },
  processes: {
    web: {
      args: ['-Dbase=/srv/shop', 5],
      exe: '/usr/bin/java',
      user: 1000,
      cwd: '/srv',
      listens: [8080, '127.0.0.1:80'],
    },
    poll: {
      glob: '/srv/poll-*',
      pattern: ['poll\\d+'],
      parent: 'web',
      contained: true,
      start: '/bin/poll {{ name }}',
      stop: '/bin/poll stop',
      on_stop: 'keep',
      each: { lines_of: '/etc/polls', as: ['name', 'number'] },
      listens: '{{ port }}',
    },
  },
  ready: {
    within: '90s',
    stable: '500ms',
    http: ['http://127.0.0.1/', asked],
    tcp: { port: '[::1]:80', from: 'controller' },
    log: [{ file: '/var/log/shop', line: 'up' }],
    command: '/bin/check',
  },
  log: '/var/log/shop',
  on_duplicate: 'keep_port_owner',
  on_hung: 'restart',
  before: { start: hook, stop: [hook, { command: 'true' }] },
  after: { start: [hook], stop: hook },
  defaults: { port: 8080, ports: [1, { a: null }] },
  vars: { stage: 'live' },
  max_unavailable: '25%',
  rollback: ['stop', 'restart'],
  ...become,
}

const small = { hosts: 'all', processes: { 1: { exe: '/bin/db' } } }

export const goodDocuments: readonly Readonly<{ kind: DocumentKind; data: Data }>[] = [
  {
    kind: 'catalog',
    data: { include: ['other.yml'], services: { shop, db: small, queue: { like: 'db', hosts: 'q' } } },
  },
  {
    kind: 'catalog',
    data: {
      include: 'other.yml',
      services: {
        db: small,
        other: { ...small, requires: 'db' },
        third: { ...small, requires: { db: 'same_host', other: 'all_hosts' } },
      },
    },
  },
  {
    kind: 'playbook',
    data: [
      {
        name: 'all',
        hosts: 'web',
        catalog: ['a.yml', 'b.yml'],
        vars: { a: 1, b: [{}] },
        vars_files: 'vars.yml',
        tags: 'one, two',
        serial: [1, '25%'],
        max_fail_percentage: 10,
        any_errors_fatal: true,
        canary: { hosts: '5%', stable: '1m', ask: true },
        pause_between: '30s',
        gate: { within: '1m', http: ['http://lb/', asked], command: ['/bin/check'] },
        budget: { over: 'rollout', unreachable: 'ignore' },
        max_unavailable: 1,
        ...become,
        services: {
          shop: 'running',
          db: {
            state: 'running',
            started_after: '2026-11-24T23:00:00Z',
            vars: { a: 2 },
            when: ['a', 'a > 1'],
            tags: ['x'],
          },
          queue: { state: 'stopped', when: 'true' },
        },
      },
      {
        hosts: ['a', 'b:!c', 7],
        serial: ['{{ sizes }}', 2],
        max_fail_percentage: '{{ part }}%',
        canary: 1,
        catalog: 'a.yml',
        services: { db: 'stopped' },
        vars_files: ['a.yml'],
        become: false,
      },
    ],
  },
  {
    kind: 'inventory',
    data: {
      all: {
        vars: { a: 1, list: [1, [2]] },
        hosts: { 'web[01:20]': null, h: { ansible_host: 'h.example.org', n: { m: 1 } } },
        children: {
          web: { hosts: 'h', children: 'eu' },
          eu: null,
          db: { vars: null, children: { deep: { hosts: { x: {} } } } },
        },
      },
      other: { hosts: { y: null } },
    },
  },
]

/** Every way to change it in one place: a key or an item dropped, a key renamed, another value put there. */
export const changedOnce = (data: Data): readonly Data[] =>
  placesIn(data).flatMap(place => [
    at(data, place, 'drop', 0),
    ...names.map((_, what) => at(data, place, 'rename', what)),
    ...values.map((_, what) => at(data, place, 'replace', what)),
  ])

/** Two or three such changes, one on top of the other. */
export const mutations: fc.Arbitrary<(data: Data) => Data> = fc
  .array(fc.tuple(fc.nat(), fc.constantFrom<How>('drop', 'rename', 'replace'), fc.nat()), {
    minLength: 2,
    maxLength: 3,
  })
  .map(changes => data => changes.reduce((before, change) => changed(before, ...change), data))

const changed = (data: Data, where: number, how: How, what: number): Data => {
  const places = placesIn(data)
  return at(data, places[where % places.length] ?? [], how, what)
}

type How = 'drop' | 'rename' | 'replace'
type Place = readonly string[]

const placesIn = (data: Data, above: Place = []): readonly Place[] =>
  typeof data !== 'object' || data === null
    ? []
    : Object.entries(data).flatMap(([key, value]) => [[...above, key], ...placesIn(value, [...above, key])])

const at = (data: Data, [key, ...rest]: Place, how: How, what: number): Data => {
  if (typeof data !== 'object' || data === null || key === undefined) return data
  const entries = Object.entries(data).flatMap(([name, value]): readonly (readonly [string, Data])[] => {
    if (name !== key) return [[name, value]]
    if (rest.length > 0) return [[name, at(value, rest, how, what)]]
    if (how === 'drop') return []
    if (how === 'rename') return [[names[what % names.length] ?? '', value]]
    return [[name, values[what % values.length] ?? null]]
  })
  return Array.isArray(data) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}

const names = ['hsots', 'a b', '', '-x', '5', 'hosts', 'like', 'services', 'state', 'within', 'command', 'ünï', 'a.b']
const values: readonly Data[] = [
  null,
  true,
  0,
  -1,
  1.5,
  5,
  99,
  100,
  599,
  600,
  65_535,
  65_536,
  '',
  'text',
  'stopped',
  '90s',
  '0',
  '8080',
  '65536',
  'a b',
  '{{ x }}',
  '2026-11-24T23:00:00Z',
  [],
  [null],
  ['a'],
  [[1]],
  {},
  { a: 1 },
  { hosts: 'all' },
]
