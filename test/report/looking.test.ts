import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { explain } from '../../lib/decide/explain.js'
import { judge } from '../../lib/decide/judge.js'
import type { HostName } from '../../lib/model/names.js'
import type { HostText } from '../../lib/model/observation.js'
import { explanationLines } from '../../lib/report/explain.js'
import { type StatusRow, statusLines } from '../../lib/report/status.js'
import { styleFor } from '../../lib/report/style.js'
import { daemon, listener, observation, process, service } from '../decide/builders.js'
import { describe } from '../helpers/test.js'

const plain = styleFor(false)
const km = service('km', 'h1', { processes: [daemon('tomcat', ['-Dbase=km'], { port: 2013 })] })
const running = observation([process(7, ['java', '-Dbase=km'])], [listener(2013, [7])])
const stopped = observation([])
const hung = observation([process(7, ['java', '-Dbase=km'], { state: 'T' })], [listener(2013, [7])])

const row = (host: string, name: string, seen: typeof running | string): StatusRow => ({
  host,
  service: name,
  verdict: typeof seen === 'string' ? E.left(seen) : E.right(judge(km, seen)),
})

describe('a status', test => {
  test('of one host has a line for each service with what its verdict rests on', () =>
    assert.equal(statusLines([row('h1', 'km', running), row('h1', 'api', stopped)], plain), [
      'HOST  SERVICE  VERDICT  EVIDENCE',
      'h1    km       running  tomcat pid 7, port 2013',
      'h1    api      stopped',
    ]))

  test('of many is a matrix, and says more only of what is not well', () => {
    const rows = [
      row('h1', 'km', running),
      row('h1', 'api', hung),
      row('h2', 'km', stopped),
      row('h3', 'km', 'no route'),
    ]
    assert.equal(statusLines(rows, plain), [
      'HOST  km           api',
      'h1    running      hung',
      'h2    stopped      -',
      'h3    unreachable  -',
      '',
      'HOST  SERVICE  VERDICT      EVIDENCE',
      'h1    api      hung         pid 7 is stopped by a signal',
      'h3    km       unreachable  no route',
      '',
      '4 services: 1 running, 1 hung, 1 stopped, 1 unreachable.',
    ])
  })

  test('shows nothing of a host raw', () => {
    const lines = statusLines([row('h1', 'km', '\u001b[2J\u202e')], plain)
    assert.match(lines.join('\n'), 'unreachable  \\u{1b}[2J\\u{202e}')
  })
})

describe('an explanation', test => {
  const dispatcher = service('dispatcher', 'h1', {
    requires: ['km'],
    processes: [
      daemon('tomcat', ['-Dbase=dispatcher'], { port: 3302 }),
      daemon('pinger', ['/bin/pinger'], { keep: true }),
    ],
    stop: {
      command: null,
      withinMs: 1,
      escalation: [
        { _tag: 'Signal', name: 'TERM' },
        { _tag: 'Pause', ms: 10_000 },
      ],
    },
  })
  const explained = (seen: typeof running) =>
    explanationLines(explain(dispatcher, seen, [km, dispatcher], new Map([['h1' as HostName, E.right(seen)]])), plain)

  test('says what was declared, seen and how, and what would be done and what that waits for', () =>
    assert.equal(
      explained({ ...running, listeners: { _tag: 'Seen', by: 'ss', value: [] } }),
      [
        'dispatcher@h1: stopped',
        '',
        'Declared at catalog.yml:1:1',
        '  tomcat    arguments "-Dbase=dispatcher"; listens on 3302',
        '  pinger    arguments "/bin/pinger"; a stop leaves it running',
        '  script    /init/dispatcher (executable on the host)',
        '  requires  km',
        '',
        'Seen at 1970-01-01T00:00:00.000Z by uid 0, boot boot-1',
        '  processes  1, by ps',
        '  sockets    0, by ss -lntp',
        '  tomcat     not there',
        '  pinger     not there',
        '  port 3302  nothing listens there',
        '',
        'If it should run',
        '  start  /init/dispatcher start',
        '  after  km@h1, which is starting: waiting for port 2013',
        '',
        'If it should be stopped',
        '  nothing  stopped',
      ].map(line => line.replace('starting: waiting for port 2013', explainKm())),
    ))

  test('shows the hooks around what would be done', () => {
    const hook = { command: '/lb/drain', on: 'controller', unless: null, withinMs: 1 } as const
    const hooks = { ...dispatcher.hooks, beforeStop: [hook], afterStart: [{ ...hook, command: '/lb/undrain' }] }
    const [one, seen] = [{ ...dispatcher, hooks }, observation([process(7, ['java', '-Dbase=dispatcher'])], [])]
    const linesOf = (look: typeof running) =>
      explanationLines(explain(one, look, [one], new Map([['h1' as HostName, E.right(look)]])), plain).join('\n')
    assert.match(
      linesOf(seen),
      'If it should be stopped\n  hook   before the stop on the controller: /lb/drain\n  stop',
    )
    const stopped = { ...running, listeners: { _tag: 'Seen', by: 'ss', value: [] } } as typeof running
    assert.match(
      linesOf(stopped),
      /If it should run\n {2}start .*\n {2}hook +after the start on the controller: \/lb\/undrain\n/,
    )
  })

  test('shows every process with what it is told by, whatever it calls itself', () => {
    const one = process(7, ['java', '-Dbase=dispatcher', '\u001b[2J'], {
      exe: '/usr/bin/java\n' as HostText,
      uid: 1000,
    })
    const text = explained(observation([one], [listener(3302, [7])])).join('\n')
    assert.match(text, 'tomcat     pid 7 (java -Dbase=dispatcher \\u{1b}[2J), parent 1, uid 1000, state S, ')
    assert.match(text, 'started at tick 70, runs /usr/bin/java\\u{a}')
    assert.match(text, 'port 3302  held by its own pid 7')
    assert.match(text, 'refuse   pinger missing; starting the whole service would double what is there')
    assert.match(text, '  stop   /init/dispatcher stop\n  watch  pid 7\n  then   TERM, 10 s')
  })

  test('names a stranger, and a blind spot', () => {
    assert.match(
      explained(observation([process(9, ['nginx'])], [listener(3302, [9])])).join('\n'),
      'held by a stranger, pid 9 (nginx)',
    )
    assert.match(
      explained(observation([], [listener(3302, null)])).join('\n'),
      'open; an owner is hidden from this login',
    )
    assert.match(
      explained(observation([], [], { processes: { _tag: 'Unseen', why: 'no ps' } })).join('\n'),
      'processes  not seen: no ps',
    )
  })
})

/** km is old and its port is closed in that look. */
const explainKm = (): string => 'hung: pid 7 is 1000 s old and port 2013 is not open'
