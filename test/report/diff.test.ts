import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { planPlay } from '../../lib/decide/plan.js'
import type { HostName } from '../../lib/model/names.js'
import type { Observation } from '../../lib/model/observation.js'
import type { DesiredService } from '../../lib/model/playbook.js'
import { diffLines } from '../../lib/report/diff.js'
import { styleFor } from '../../lib/report/style.js'
import { daemon, listener, observation, process, service } from '../decide/builders.js'
import { describe } from '../helpers/test.js'

const km = service('km', 'km1', {
  processes: [
    daemon('tomcat', ['-Dbase=km'], { port: 2013, start: '/start' }),
    daemon('pinger', ['/pinger'], { user: 'km', keep: true }),
  ],
})
const hook = { command: '/undrain', on: 'host', unless: null, withinMs: 1 } as const
const users = new Map([['km', 0]])
const seeing = (...given: Parameters<typeof observation>): Observation => ({ ...observation(...given), users })

/** The lines about km where this was seen. */
const diff = (seen: Observation | string, parts: Partial<DesiredService> = {}, style = styleFor(false)) => {
  const desired = [{ service: km, state: 'running' as const, startedAfterMs: null, hooksDue: [], ...parts }]
  const look = typeof seen === 'string' ? E.left(seen) : E.right(seen)
  const planned = planPlay({ name: 'play', desired, prerequisites: [] }, new Map([['km1' as HostName, look]]))
  return diffLines({ plays: [planned] }, style).slice(0, -1)
}

const pinger = process(12, ['/pinger'])
const tomcat = process(10, ['-Dbase=km'])

describe('the difference between what was seen and what should be', test => {
  test('is nothing where all is as it should be', () =>
    assert.equal(diff(seeing([tomcat, pinger], [listener(2013, [10])])), []))

  test('of what is not there is each process by which it is recognised, and each port', () =>
    assert.equal(diff(seeing([])), [
      '--- km@km1  stopped',
      '+++ km@km1  running',
      '- tomcat: no process',
      '+ tomcat: 1 process with -Dbase=km',
      '- pinger: no process',
      '+ pinger: 1 process with /pinger, as km',
      '- port 2013: nobody',
      '+ port 2013: tomcat',
    ]))

  test('leaves what is right without a sign', () =>
    assert.equal(diff(seeing([pinger])), [
      '--- km@km1  degraded: tomcat missing, pinger pid 12',
      '+++ km@km1  running',
      '- tomcat: no process',
      '+ tomcat: 1 process with -Dbase=km',
      '  pinger: 1 process: pid 12',
      '- port 2013: nobody',
      '+ port 2013: tomcat',
    ]))

  test('of a stop spares what stays by design', () =>
    assert.equal(diff(seeing([tomcat, pinger], [listener(2013, [10])]), { state: 'stopped' }), [
      '--- km@km1  running: tomcat pid 10, pinger pid 12, port 2013',
      '+++ km@km1  stopped',
      '- tomcat: 1 process: pid 10',
      '+ tomcat: no process',
      '  pinger: 1 process: pid 12, which stays by design',
      '- port 2013: tomcat, pid 10',
      '+ port 2013: nobody',
    ]))

  test('names extra copies by their pids, and says which one is kept', () => {
    const twice = seeing([tomcat, process(11, ['-Dbase=km']), pinger], [listener(2013, [11])])
    assert.equal(diff(twice).slice(2, 4), ['- tomcat: 2 processes: pid 10, 11', '+ tomcat: 1 process'])
    const kept = { ...km, onDuplicate: 'keep_port_owner' as const, stop: { ...km.stop, escalation: [kill] } }
    assert.is(diff(twice, { service: kept })[3], '+ tomcat: 1 process: pid 11')
  })

  test('names who holds a port that is not theirs, and can move no cursor with it', () =>
    assert.equal(diff(seeing([tomcat, pinger, process(13, ['nc', '\u001b[2J'])], [listener(2013, [13])])).slice(-2), [
      '- port 2013: pid 13 (nc \\u{1b}[2J)',
      '+ port 2013: tomcat',
    ]))

  test('of an age is when it was started, and after when it should have been', () =>
    assert.equal(
      diff(
        { ...seeing([tomcat, pinger], [listener(2013, [10])]), takenAtMs: 2_000_000 },
        { startedAfterMs: 1_500_000 },
      ).slice(2, 5),
      [
        '- tomcat: 1 process: pid 10, started 1970-01-01T00:16:40Z',
        '+ tomcat: 1 process, started after 1970-01-01T00:25:00Z',
        '  pinger: 1 process: pid 12',
      ],
    ))

  test('says what hangs, and that what was not seen is not known to be absent', () => {
    const frozen = seeing([process(10, ['-Dbase=km'], { state: 'T' }), pinger], [listener(2013, [10])])
    assert.is(diff(frozen)[0], '--- km@km1  hung: pid 10 is stopped by a signal')
    const hidden = seeing([pinger], [listener(2013, null)])
    assert.equal(diff(hidden).slice(0, 3), [
      '--- km@km1  unknown: port 2013 is open, and by whom could not be seen',
      '+++ km@km1  running',
      '- tomcat: not known',
    ])
    assert.is(diff(hidden).at(-2), '- port 2013: somebody who cannot be seen')
    assert.equal(diff('no route'), ['--- km@km1  not seen: no route', '+++ km@km1  running'])
  })

  test('names hooks that an earlier run has left undone', () => {
    const hooked = { ...km, hooks: { ...km.hooks, afterStart: [hook] } }
    const due = { service: hooked, hooksDue: ['afterStart' as const] }
    assert.equal(diff(seeing([tomcat, pinger], [listener(2013, [10])]), due).slice(-2), [
      '- hook after the start: not run',
      '+ hook after the start: /undrain',
    ])
  })

  test('is coloured only where colour is wanted', () => {
    assert.is(diff(seeing([]), {}, styleFor(true))[2], '\u001b[31m- tomcat: no process\u001b[39m')
  })
})

const kill = { _tag: 'Signal', name: 'KILL' } as const
