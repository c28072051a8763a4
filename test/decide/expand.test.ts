import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { expandCatalog, expandPlaybook } from '../../lib/decide/expand.js'
import { secretsIn } from '../../lib/decide/secrets.js'
import type { HostService } from '../../lib/model/catalog.js'
import type { Expansion } from '../../lib/model/playbook.js'
import { parsePattern } from '../../lib/read/pattern.js'
import { readCatalogs } from '../../lib/read/playbook.js'
import { describe } from '../helpers/test.js'
import { complaintOf, complaints, filesOf, inventoryOf, playbookOf, right } from '../helpers/written.js'

describe('a play', test => {
  test('puts a service on the hosts that the play, the service and the limit have in common', () => {
    assert.equal(desired(expand({ hosts: 'all' })), ['app@a1', 'app@a2', 'app@a3'])
    assert.equal(desired(expand({ hosts: 'eu' })), ['app@a1', 'app@a2'])
    assert.equal(desired(expand({ hosts: 'eu', limit: 'a2,d1' })), ['app@a2'])
  })

  test('looks at what its starts require, also where the limit does not reach, and never touches it', () => {
    const plays = expand({ limit: 'a1' })
    assert.equal([desired(plays), prerequisites(plays)], [['app@a1'], ['db@d1', 'db@d2']])
  })

  test('looks at the rest of what it settles only in part', () => {
    const plays = expand({ services: 'app: running, db: running', limit: 'a1,d1' })
    assert.equal(
      [desired(plays), prerequisites(plays)],
      [
        ['app@a1', 'db@d1'],
        ['db@d2', 'disk@d1', 'disk@d2'],
      ],
    )
  })

  test('requires nothing of what it settles itself or only stops, nor of what is required further on', () => {
    assert.equal(prerequisites(expand({ services: 'app: running, db: running, disk: running' })), [])
    assert.equal(prerequisites(expand({ services: 'app: running' })), ['db@d1', 'db@d2'])
    assert.equal(prerequisites(expand({ services: 'app: stopped' })), [])
  })

  test('knows the way to each host that it looks at, and to no other', () => {
    const { routes } = expand({ limit: 'a1' })
    assert.equal([...routes.keys()], ['a1', 'd1', 'd2'])
  })

  test('looks at the instances that count elsewhere as it looks at its own, and hides what they are become with', () => {
    const keys = 'hosts: all, become: true, max_unavailable: 1, script: /x, processes: { x: { args: [x] } }'
    const vars = 'ansible_become_password: canary'
    const found = expand({ limit: 'a1', catalog: `services: { app: { ${keys} } }`, vars })
    assert.equal(
      found.plays.flatMap(({ witnesses = [] }) => witnesses.map(place)),
      ['app@a2', 'app@a3', 'app@d1', 'app@d2'],
    )
    assert.equal([...found.lookAs].map(([host, { user }]) => `${user} on ${host}`).sort(), [
      'root on a1',
      'root on a2',
      'root on a3',
      'root on d1',
      'root on d2',
    ])
    assert.equal(new Set(secretsIn(found).map(secret => secret.reveal())), new Set(['canary']))
    assert.is(secretsIn({ ...found, lookAs: new Map() }).length, 5)
  })

  test('warns of what requires a service that it stops or restarts, and is left as it is', () => {
    const said = (services: string, more = '') => {
      const texts = { 'play.yml': `${play(services)}${more}`, 'c.yml': catalog }
      const { warnings = [] } = right(expandPlaybook(playbookOf(texts), inventoryOf(inventory), null))
      return warnings.map(({ at, what }) => `${at.line}: ${what}`)
    }
    assert.equal(said('db: stopped'), ['1: db is to be stopped; app requires it and is left as it is'])
    const after = '{ state: running, started_after: 2026-11-25T00:00:00Z }'
    assert.equal(said(`db: ${after}`), ['1: db is to be restarted; app requires it and is left as it is'])
    assert.equal(said('db: stopped, app: stopped'), [])
    assert.equal(said('app: stopped', `\n${play('db: stopped')}`), [])
    assert.equal(said('app: running'), [])
  })

  test('may leave a limited run with nothing to do', () => assert.equal(desired(expand({ limit: 'd1' })), []))

  test('comes after the one before it', () => {
    const texts = { 'play.yml': `${play('app: stopped')}\n${play('app: running')}`, 'c.yml': catalog }
    const { plays } = right(expandPlaybook(playbookOf(texts), inventoryOf(inventory), null))
    assert.equal(
      plays.map(one => one.desired[0]?.state),
      ['stopped', 'running'],
    )
  })
})

describe('a service on a host', test => {
  test("has the host's variables in its script, arguments, ports and commands", () => {
    const { scripts, start, processes } = appOn('a2', {
      variables: '{ dir: /opt, port: 81 }',
      service:
        'script: "{{ dir }}/app", start: "{{ dir }}/start {{ port }}", processes: { p: { args: ["-D={{ dir }}"], listens: "127.0.0.1:{{ port }}" } }',
    })
    assert.equal([scripts, start], [['/opt/app'], '/opt/start 81'])
    assert.equal(
      [processes[0]?.args[0]?.parts, processes[0]?.listens],
      [['-D=', '/opt'], [{ address: '127.0.0.1', port: 81 }]],
    )
  })

  test('has each value as one word in a command, and as it is elsewhere', () => {
    const { scripts, start, processes } = appOn('a1', {
      variables: `{ dir: "/a b;c" }`,
      service: 'script: "{{ dir }}/app", start: "{{ dir }}/start", processes: { p: { args: ["{{ dir }}"] } }',
    })
    assert.equal([scripts, start], [['/a b;c/app'], `'/a b;c'/start`])
    assert.equal(processes[0]?.args[0]?.parts, ['/a b;c'])
  })

  test('leaves the variables of a line to whoever reads the lines', () => {
    const { processes } = appOn('a1', {
      service: 'processes: { p: { args: ["{{ n }}"], start: "run {{ n }}", each: { lines_of: /x, as: [n] } } }',
    })
    assert.equal(
      [processes[0]?.args[0]?.parts, processes[0]?.start?.parts],
      [[{ variable: 'n' }], ['run ', { variable: 'n' }]],
    )
  })
})

describe('a playbook', test => {
  test('is told where a service is that has no host', () => {
    assert.equal(mistakes({ hosts: 'd1' }), ['play.yml:1:44: the service "app" has no host: none matches d1 and apps'])
    assert.equal(mistakes({ hosts: 'apps', catalog: catalog.replace('hosts: dbs', 'hosts: "dbs:!dbs"') }), [
      'c.yml:3:3: the service "db" has no host: none matches dbs:!dbs',
    ])
  })

  test('is told of an unknown host and not of what follows from it', () => {
    assert.equal(mistakes({ hosts: 'appps' }), [
      'play.yml:1:12: no host or group is called "appps"; did you mean "apps"?',
    ])
    assert.equal(mistakes({ catalog: catalog.replace('hosts: apps', 'hosts: web') }), [
      'c.yml:2:17: no host or group is called "web"',
    ])
    assert.equal(mistakes({ catalog: catalog.replace('hosts: dbs', 'hosts: web') }), [
      'c.yml:3:16: no host or group is called "web"',
    ])
  })

  test('may not start what requires a service that it stops', () => {
    assert.equal(mistakes({ services: 'app: running, db: stopped' }), [
      'play.yml:1:45: "app" should run and requires "db", which this play stops',
    ])
    assert.equal(mistakes({ services: 'app: stopped, db: stopped' }), [])
  })

  test('is told the services of a circle, in their order, though it names none of them', () => {
    const circle = 'x: { hosts: dbs, requires: y, processes: { p: { args: [x] } } }'
    const closing = 'y: { hosts: dbs, requires: x, processes: { p: { args: [x] } } }'
    assert.equal(mistakes({ catalog: `${catalog}  ${circle}\n  ${closing}\n` }), [
      'c.yml:5:3: these services form a circle: x → y → x',
    ])
  })

  test('is told once of a variable that is not defined, though it shows on three hosts', () => {
    assert.equal(mistakes({ catalog: catalog.replace('args: [app]', 'args: ["{{ nothing }}"]') }), [
      'c.yml:2:66: the variable "nothing" is not defined for a1',
    ])
  })

  test('is told of each variable that is not defined', () => {
    const process = 'args: ["{{ one }}", "{{ two }}"], listens: "{{ three }}", start: "{{ four }}"'
    assert.is(mistakes({ catalog: catalog.replace('args: [app]', process) }).length, 4)
  })

  test('is told of a port that the variables do not make one', () => {
    const listening = (port: string) =>
      mistakes({ catalog: catalog.replace('args: [app]', `args: [app], listens: "{{ port }}"`), vars: `port: ${port}` })
    assert.match(listening('http')[0] ?? '', /^c.yml:2:\d+: expected a port \(1 to 65535\), .*, found "http" on a1$/)
    assert.match(listening('""')[0] ?? '', /found "" on a1$/)
    assert.match(listening('')[0] ?? '', /expected text or a number in port, found nothing on a1$/)
    assert.equal(listening('8080'), [])
  })

  test("is told of a host's bad address beside what is wrong with the services there", () => {
    const lines = mistakes({
      catalog: catalog.replace('args: [app]', 'args: ["{{ nothing }}"]'),
      vars: 'ansible_port: x',
    })
    assert.equal(
      lines.map(line => line.split(':')[0]),
      ['c.yml', 'hosts.yml'],
    )
  })

  test('is told of a limit that names nobody, or leaves nobody', () => {
    assert.equal(mistakes({ limit: 'a9' }), ['no host or group is called "a9"; did you mean "a1"?'])
    assert.equal(mistakes({ limit: 'web*' }), ['the limit web* leaves no host of hosts.yml'])
  })
})

describe('a look without a playbook', test => {
  test('is at every service where it lives, within the limit, and wants nothing', () => {
    const { plays } = right(expandCatalog(services(), inventoryOf(inventory), parsePattern('eu,d2', null)))
    assert.equal(
      plays.map(({ desired }) => desired),
      [[]],
    )
    assert.equal(
      plays.flatMap(({ prerequisites }) => prerequisites.map(place)),
      ['app@a1', 'app@a2', 'db@d2', 'disk@d2'],
    )
  })

  test('is told its mistakes as a playbook is', () => {
    assert.match(
      complaintOf(expandCatalog(services(), inventoryOf('apps: { hosts: { a1: } }'), null)),
      'is called "dbs"',
    )
    assert.ok(E.isLeft(expandCatalog(services(), inventoryOf(inventory), parsePattern('none', null))))
  })
})

const inventory = `
apps: { hosts: { a1: , a2: , a3: } }
eu: { hosts: { a1: , a2: } }
dbs: { hosts: { d1: , d2: } }
`
const catalog = `services:
  app: { hosts: apps, requires: db, processes: { p: { args: [app] } } }
  db: { hosts: dbs, requires: disk, processes: { p: { args: [db] } } }
  disk: { hosts: dbs, processes: { p: { args: [disk] } } }
`

type Given = Readonly<{ hosts?: string; services?: string; limit?: string; catalog?: string; vars?: string }>

const play = (services: string, hosts = 'all'): string =>
  `- { hosts: ${hosts}, catalog: c.yml, services: { ${services} } }`

const expansion = ({ hosts = 'all', services = 'app: running', limit, vars = '', ...given }: Given) =>
  expandPlaybook(
    playbookOf({ 'play.yml': play(services, hosts), 'c.yml': given.catalog ?? catalog }),
    inventoryOf(`${inventory}all: { vars: { ${vars} } }`),
    limit === undefined ? null : parsePattern(limit, null),
  )
const expand = (given: Given): Expansion => right(expansion(given))
const mistakes = (given: Given): readonly string[] => complaints(expansion(given))
const services = () => right(readCatalogs(filesOf({ 'c.yml': catalog }), ['c.yml']))

const place = ({ name, host }: HostService): string => `${name}@${host}`
const desired = ({ plays }: Expansion) => plays.flatMap(one => one.desired.map(({ service }) => place(service)))
const prerequisites = ({ plays }: Expansion) => plays.flatMap(one => one.prerequisites.map(place))

const appOn = (host: string, given: Readonly<{ variables?: string; service: string }>): HostService => {
  const book = inventoryOf(`apps: { hosts: { ${host}: ${given.variables ?? ''} } }`)
  const texts = { 'play.yml': play('app: running'), 'c.yml': `services: { app: { hosts: apps, ${given.service} } }` }
  const [service] = right(expandPlaybook(playbookOf(texts), book, null)).plays.flatMap(one => one.desired)
  if (service === undefined) throw new Error('there is no service')
  return service.service
}
