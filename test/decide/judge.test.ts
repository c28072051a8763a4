import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { judge } from '../../lib/decide/judge.js'
import { parseListenAddress } from '../../lib/model/listen-address.js'
import type { HostText } from '../../lib/model/observation.js'
import { verdictInWords } from '../../lib/model/words.js'
import { describe } from '../helpers/test.js'
import { daemon, listener, observation, pollers, process, service } from './builders.js'

const km = service('km', 'h1', { processes: [daemon('tomcat', ['-Dbase=km'], { port: 2013 })] })
const dispatcher = service('dispatcher', 'h1', {
  processes: [
    daemon('tomcat', ['-Dbase=dispatcher'], { port: 3302, start: '/dispatcher/bin/tomcat start' }),
    daemon('pinger', ['/dispatcher/bin/pinger'], { start: '/dispatcher/bin/pinger', keep: true }),
  ],
})
const monitor = service('monitor', 'h1', { processes: [daemon('assign', ['/monitor/bin/assign']), pollers()] })

const words = (...args: Parameters<typeof judge>): string => verdictInWords(judge(...args))
const java = (pid: number, name: string, parts = {}) => process(pid, ['java', `-Dbase=${name}`, 'Bootstrap'], parts)

describe('a verdict', test => {
  test('is running when every process is there once and holds its port', () =>
    assert.is(words(km, observation([java(7, 'km')], [listener(2013, [7])])), 'running: tomcat pid 7, port 2013'))

  test('is stopped when no process is there', () => assert.is(words(km, observation([java(7, 'km2')])), 'stopped'))

  test('is starting while a young process has not opened its port, and hung when it is old', () => {
    assert.is(words(km, observation([java(7, 'km', { ageSeconds: 59 })])), 'starting: waiting for port 2013')
    assert.is(
      words(km, observation([java(7, 'km', { ageSeconds: 61 })])),
      'hung: pid 7 is 61 s old and port 2013 is not open',
    )
  })

  test('is hung when the process is stopped by a signal', () =>
    assert.is(
      words(km, observation([java(7, 'km', { state: 'T' })], [listener(2013, [7])])),
      'hung: pid 7 is stopped by a signal',
    ))

  test('takes a zombie for ended', () => assert.is(words(km, observation([java(7, 'km', { state: 'Z' })])), 'stopped'))

  test('is duplicate when a second start has made a second copy', () =>
    assert.is(
      words(
        dispatcher,
        observation(
          [java(7, 'dispatcher'), java(8, 'dispatcher'), process(9, ['sh', '/dispatcher/bin/pinger'])],
          [listener(3302, [7])],
        ),
      ),
      'duplicate: 2 copies of tomcat: pid 7, 8',
    ))

  test('counts the controller and the child of one jsvc daemon once, also when the controller is gone', () => {
    const pair = [process(7, ['jsvc.exec', '-Dbase=km']), process(8, ['jsvc.exec', '-Dbase=km'], { ppid: 7 })]
    assert.is(words(km, observation(pair, [listener(2013, [8])])), 'running: tomcat pid 7, port 2013')
    assert.is(words(km, observation(pair.slice(1), [listener(2013, [8])])), 'running: tomcat pid 8, port 2013')
  })

  test('is foreign when a stranger holds the port, with or without a process of its own, and names it', () => {
    const nginx = process(66, ['nginx'])
    assert.is(words(km, observation([nginx], [listener(2013, [66])])), 'foreign: port 2013 is held by pid 66 (nginx)')
    assert.is(
      words(km, observation([java(7, 'km'), nginx], [listener(2013, [7]), listener(2013, [66])])),
      'foreign: port 2013 is held by pid 66 (nginx)',
    )
  })

  test('lets a child that looks unlike its parent hold the port', () =>
    assert.is(
      words(km, observation([java(7, 'km'), process(8, ['helper'], { ppid: 7 })], [listener(2013, [8])])),
      'running: tomcat pid 7, port 2013',
    ))

  test('tells a port on one address from the same port on another', () => {
    const api = service('api', 'h1', {
      processes: [daemon('tomcat', ['-Dbase=api'], { port: 16099, address: '127.0.0.1' })],
    })
    assert.match(words(api, observation([java(7, 'api')], [listener(16099, [7], '127.0.0.1')])), 'running')
    assert.match(words(api, observation([java(7, 'api')], [listener(16099, [66], '10.0.0.1')])), 'hung')
  })

  test('knows an IPv6 address however it was written', () => {
    const address = parseListenAddress('[0:0:0:0:0:0:0:1]:80')?.address ?? ''
    const web = service('web', 'h1', { processes: [daemon('main', ['-Dbase=web'], { port: 80, address })] })
    assert.match(words(web, observation([java(7, 'web')], [listener(80, [7], '::1')])), 'running')
  })

  test('is unknown when the owner of the port is hidden from this login', () =>
    assert.is(
      words(km, observation([], [listener(2013, null)])),
      'unknown: port 2013 is open, and by whom could not be seen',
    ))

  test('is unknown, never stopped, when the process table or the sockets could not be had', () => {
    assert.is(
      words(km, observation([], [], { processes: { _tag: 'Unseen', why: 'ps failed' } })),
      'unknown: no process table: ps failed',
    )
    assert.is(
      words(km, observation([], [], { listeners: { _tag: 'Unseen', why: 'no ss' } })),
      'unknown: no list of sockets: no ss',
    )
  })

  test('is unknown when the owner of a port is not in the process table', () =>
    assert.is(
      words(km, observation([], [listener(2013, [7])])),
      'unknown: port 2013 is held by pid 7, which is not in the process table',
    ))

  test('is degraded when the pinger survived a stop, and names what is missing', () =>
    assert.is(
      words(dispatcher, observation([process(9, ['sh', '/dispatcher/bin/pinger'])])),
      'degraded: tomcat missing, pinger pid 9',
    ))

  test('tells the pingers of three services apart by their path', () => {
    const others = [process(8, ['sh', '/monitor/bin/pinger']), process(9, ['sh', '/worker/bin/pinger'])]
    assert.is(words(dispatcher, observation(others)), 'stopped')
  })

  test('is starting while somebody runs its start script, and hung when that never ends', () => {
    const script = (ageSeconds: number) => process(5, ['/bin/sh', '/init/km', 'start'], { ageSeconds })
    assert.is(words(km, observation([script(3)])), 'starting: waiting for its start command, pid 5')
    assert.is(words(km, observation([script(600)])), 'hung: its start command, pid 5, has been running for 600 s')
  })

  test('does not count a start command beside the copy that it made', () => {
    const worker = service('worker', 'h1', {
      processes: [daemon('publisher', ['/bin/publisher'], { start: '/bin/publisher start' })],
    })
    const starting = (ageSeconds: number) => process(5, ['sh', '/bin/publisher', 'start'], { ageSeconds })
    const daemon6 = process(6, ['jsvc', '/bin/publisher'])
    assert.is(words(worker, observation([starting(3), daemon6])), 'running: publisher pid 6')
    assert.is(words(worker, observation([starting(61), daemon6])), 'duplicate: 2 copies of publisher: pid 5, 6')
  })

  test('takes a daemon that keeps the words of its start command for itself, and for a start only while it is young', () => {
    const exe = '/app/web' as HostText
    const web = (ageSeconds: number, pid = 7) => process(pid, ['/app/web', '--run'], { ageSeconds, exe })
    const mates = [daemon('mate', ['/app/mate'])]
    for (const parts of [
      { args: ['/app/web'] },
      { args: [], exe: '/app/web' },
      { args: [], globs: ['/app/w*'] },
      { args: [], patterns: ['/app/w.b'] },
    ]) {
      const main = daemon('main', parts.args, { ...parts, port: 80 })
      const alone = service('web', 'h1', { start: '/app/web --run', processes: [main] })
      const pair = { ...alone, processes: [main, ...mates] }
      const open = [listener(80, [7])]
      assert.is(words(pair, observation([web(61)], open)), 'degraded: main pid 7, mate missing')
      assert.is(words(pair, observation([web(3)], open)), 'starting: waiting for its start command, pid 7')
      assert.is(words(alone, observation([web(61)])), 'hung: pid 7 is 61 s old and port 80 is not open')
      assert.is(words(alone, observation([web(3)])), 'starting: waiting for port 80')
      assert.match(words(alone, observation([web(61), web(62, 8)], open)), 'duplicate: 2 copies of main: pid 7, 8')
    }
  })

  test('takes a bare word in a command line of somebody else for no call of a command that is that word', () => {
    const stop = { command: 'true', withinMs: 5_000, escalation: [] }
    const app = service('app', 'h1', { start: 'launch', stop, processes: [daemon('app', ['/srv/app'])] })
    const mine = process(7, ['/srv/app', '--daemon', 'true'])
    const others = [process(8, ['docker', 'exec', 'web', 'launch']), process(9, ['node', '/srv/x', 'true'])]
    assert.is(words(app, observation([mine, ...others])), 'running: app pid 7')
    assert.is(words(app, observation(others)), 'stopped')
    for (const call of [['true'], ['/bin/sh', '-c', 'true'], ['bash', '-l', '-c', 'true']])
      assert.match(words(app, observation([process(5, call), mine])), 'unknown: its stop command, pid 5')
    assert.match(
      words(app, observation([process(5, ['sh', '-c', 'launch'], { ageSeconds: 3 })])),
      'starting: waiting for its start command',
    )
  })

  test('does not take what a stop command calls for the daemon it stops, and waits for its end', () => {
    const worker = service('worker', 'h1', { processes: [daemon('publisher', ['/bin/publisher'])] })
    const stop = process(5, ['sh', '/init/worker', 'stop'])
    const called = process(6, ['sh', '/bin/publisher', 'stop'], { ppid: 5 })
    assert.is(words(worker, observation([called, stop])), 'unknown: its stop command, pid 5, is still running')
    const shell = process(4, ['/bin/sh', '-c', '/init/worker stop'])
    const replaced = process(5, ['sh', '/bin/publisher', 'stop'], { ppid: 4 })
    assert.is(words(worker, observation([shell, replaced])), 'unknown: its stop command, pid 4, is still running')
  })

  test("does not count a container's twin", () => {
    assert.is(words(dispatcher, observation([java(7, 'dispatcher', { contained: true })])), 'stopped')
  })

  test('does not count programs that only look into a service, and says so where it seems to be missing', () => {
    const pinger = process(9, ['sh', '/dispatcher/bin/pinger'])
    const others = [
      process(20, ['tail', '-f', '/dispatcher/bin/pinger']),
      process(21, ['vi', '/dispatcher/bin/pinger']),
      process(22, ['grep', '-Dbase=dispatcher']),
    ]
    const seen = [java(7, 'dispatcher'), pinger, ...others]
    assert.match(words(dispatcher, observation(seen, [listener(3302, [7])])), /^running: tomcat pid 7, pinger pid 9/)
    assert.match(
      words(dispatcher, observation(others)),
      'unknown: pid 22 (grep -Dbase=dispatcher) has the arguments of tomcat, but does not seem to be it',
    )
  })

  test('is unknown when a process with cut arguments may be the one that seems to be missing', () => {
    const cut = process(7, ['java', 'x'.repeat(4090)])
    assert.is(words(km, observation([cut])), 'unknown: the arguments of pid 7 are cut, so it may be any')
    const byPs = process(7, ['java', 'x'.repeat(75)], { argsFrom: 'ps' })
    assert.is(words(km, observation([byPs])), 'unknown: the arguments of pid 7 are cut, so it may be any')
  })

  test('is unknown when processes came and went while it was looked at, but only where one is missing', () => {
    const unsettled = new Set(['44/100'])
    assert.match(words(km, observation([java(7, 'km')], [listener(2013, [7])], { unsettled })), 'running')
    assert.is(
      words(km, observation([], [], { unsettled })),
      'unknown: processes came and went faster than they could be looked at, so none can be said to be missing',
    )
  })

  test('is unknown when one that was it, or that started it, ended while it was looked at', () => {
    const ended = java(7, 'km', { state: 'X' })
    assert.match(words(km, observation([ended])), /^unknown: pid 7 .* ended while it was looked at$/)
    assert.is(words(km, observation([java(7, 'km2', { state: 'X' })])), 'stopped')
    assert.match(words(km, observation([ended, java(8, 'km')], [listener(2013, [8])])), 'running: tomcat pid 8')
    const script = process(9, ['/bin/sh', '/etc/init.d/km', 'start'], { state: 'X' })
    const scripted = { ...km, scripts: ['/etc/init.d/km'] }
    assert.match(words(scripted, observation([script])), /^unknown: pid 9 .* ended while it was looked at$/)
  })

  test('gives a process to the one that declares more of it', () => {
    const app = service('app', 'h1', { processes: [daemon('app', ['/bin/app']), daemon('helper', ['/bin/app', '-h'])] })
    assert.is(words(app, observation([process(8, ['/bin/app', '-h'])])), 'degraded: app missing, helper pid 8')
  })

  test('knows a start script by whatever path it is called', () => {
    for (const called of ['./km', '/etc/rc3.d/S99km']) {
      const boot = process(5, ['/bin/sh', called, 'start'], { ageSeconds: 3 })
      assert.is(words(km, observation([boot])), 'starting: waiting for its start command, pid 5')
    }
  })

  test('carries its evidence', () => {
    const { evidence } = judge(km, observation([java(7, 'km')], [listener(2013, [7])]))
    assert.equal(evidence.instances[0]?.copies[0]?.[0].startTicks, 70)
    assert.equal(
      evidence.ports[0]?.own.map(({ pid }) => pid),
      [7],
    )
    assert.equal(evidence.seenBy, ['ps', 'ss'])
  })

  test('is never stopped while a process of the service lives', () =>
    fc.assert(
      fc.property(fc.subarray(seen(), { minLength: 1 }), fc.subarray(sockets()), (processes, listeners) => {
        const mine = processes.some(({ args, state }) => state !== 'Z' && args.some(arg => String(arg) === '-Dbase=km'))
        return !mine || judge(km, observation(processes, listeners))._tag !== 'stopped'
      }),
    ))

  test('is never running while its port is held by another or by nobody', () =>
    fc.assert(
      fc.property(fc.subarray(seen()), fc.subarray(sockets()), (processes, listeners) => {
        const verdict = judge(km, observation(processes, listeners))
        const owners = listeners.filter(({ port }) => port === 2013).flatMap(({ owners }) => owners ?? [])
        return verdict._tag !== 'running' || (owners.length > 0 && owners.every(pid => pid === 7 || pid === 8))
      }),
    ))
})

describe('a process with instances', test => {
  const lines = ['# name number', 'Address 1', 'Dns 1', '', 'Ssl 1']
  const poll = (pid: number, name: string) => process(pid, ['sh', '/monitor/bin/poll', name, '1'])
  const assign = process(2, ['sh', '/monitor/bin/assign'])

  test('has one for each line of the file on the host', () =>
    assert.is(
      words(monitor, observation([assign, poll(3, 'Address'), poll(4, 'Dns'), poll(5, 'Ssl')], [], { lines })),
      'running: assign pid 2, poll 3/3',
    ))

  test('is counted, and the missing ones are named', () =>
    assert.is(
      words(monitor, observation([assign, poll(3, 'Address')], [], { lines })),
      'degraded: assign pid 2, poll 1/3: missing Dns, Ssl',
    ))

  test('is duplicate when one runs that no line names any more, and names it', () => {
    const seen = [assign, poll(3, 'Address'), poll(4, 'Dns'), poll(5, 'Ssl'), poll(6, 'Old')]
    assert.is(words(monitor, observation(seen, [], { lines })), 'duplicate: poll Old 1 runs and is not declared: pid 6')
  })

  test('does not take a start of one for one that no line names', () => {
    const starting = process(9, ['sh', '/monitor/bin/poll', 'start', 'Old', '1'])
    const seen = [assign, poll(3, 'Address'), poll(4, 'Dns'), poll(5, 'Ssl'), starting]
    assert.is(words(monitor, observation(seen, [], { lines })), 'running: assign pid 2, poll 3/3')
  })

  test('does not take a call of `poll stop Dns 1` for the poller, nor for its absence', () => {
    const stopping = process(9, ['sh', '/monitor/bin/poll', 'stop', 'Dns', '1'])
    const seen = [assign, poll(3, 'Address'), poll(5, 'Ssl'), stopping]
    assert.is(
      words(monitor, observation(seen, [], { lines })),
      'unknown: pid 9 (sh /monitor/bin/poll stop Dns 1) has the arguments of Dns, but does not seem to be it',
    )
  })

  test('is unknown when the file is not there or cannot be understood', () => {
    assert.match(words(monitor, observation([])), 'unknown: /monitors.cfg was not read')
    assert.match(
      words(monitor, observation([], [], { lines: ['Dns'] })),
      'line 1 of /monitors.cfg has 1 words where 2 are declared',
    )
    assert.match(words(monitor, observation([], [], { lines: ['# nothing'] })), 'unknown: /monitors.cfg names none')
    assert.match(words(monitor, observation([], [], { lines: ['../../tmp/evil 1'] })), 'not safe in a command')
    assert.match(
      words(monitor, observation([], [], { lines: ['Dns 1', 'Dns 1'] })),
      'line 2 of /monitors.cfg repeats line 1',
    )
  })

  test('refuses a line that a shell could take for more than words', () =>
    fc.assert(
      fc.property(fc.constantFrom(...';|&$`<>()\'"\\*?[]{}!~^'), letter =>
        words(monitor, observation([], [], { lines: [`D${letter}ns 1`] })).includes('not safe in a command'),
      ),
    ))
})

const seen = () => [
  java(7, 'km'),
  java(8, 'km', { ppid: 7 }),
  java(9, 'km', { state: 'Z' }),
  java(10, 'other'),
  process(11, ['vi', '/etc/km.conf']),
]

const sockets = () => [
  listener(2013, [7]),
  listener(2013, [8]),
  listener(2013, [10]),
  listener(2013, null),
  listener(2014, [7]),
]
