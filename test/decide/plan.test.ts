import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { planPlay, planPlaybook } from '../../lib/decide/plan.js'
import type { HostName } from '../../lib/model/names.js'
import type { Observation } from '../../lib/model/observation.js'
import type { PlannedPlay } from '../../lib/model/plan.js'
import { stepId } from '../../lib/model/plan.js'
import type { DesiredService, DesiredState } from '../../lib/model/playbook.js'
import { describe } from '../helpers/test.js'
import { daemon, listener, observation, pollers, process, service } from './builders.js'

const want = (state: DesiredState, ...services: ReturnType<typeof service>[]): readonly DesiredService[] =>
  services.map(one => ({ service: one, state, startedAfterMs: null, hooksDue: [] }))

const plan = (desired: readonly DesiredService[], looks: Readonly<Record<string, Observation>>): PlannedPlay =>
  planPlay(
    { name: 'play', desired, prerequisites: [] },
    new Map(Object.entries(looks).map(([host, look]) => [host as HostName, E.right(look)])),
  )

const told = ({ steps }: PlannedPlay): readonly string[] => steps.map(({ id, action }) => `${action._tag} ${id}`)
const only = ({ steps }: PlannedPlay) => steps[0]?.action
const commandsOf = (planned: PlannedPlay) => {
  const action = only(planned)
  return action?._tag === 'Start' || action?._tag === 'Stop' ? action.launches.map(({ command }) => command) : []
}

const nothing = observation([])
const dispatcher = service('dispatcher', 'h1', {
  processes: [
    daemon('tomcat', ['-Dbase=dispatcher'], { port: 3302, start: '/dispatcher/bin/tomcat start' }),
    daemon('pinger', ['/dispatcher/bin/pinger'], { keep: true }),
  ],
})

describe('a plan', test => {
  test('starts a key manager before the dispatcher on another host that requires it', () => {
    const desired = want('running', service('dispatcher', 'app1', { requires: ['km'] }), service('km', 'km1'))
    const planned = plan(desired, { app1: nothing, km1: nothing })
    assert.equal(told(planned), ['Start km@km1', 'Start dispatcher@app1'])
    assert.equal(planned.steps[1]?.after, ['km@km1'])
  })

  test('stops them the other way round', () => {
    const desired = want('stopped', service('km', 'km1'), service('dispatcher', 'app1', { requires: ['km'] }))
    const seen = (name: string) => observation([process(7, [`-Dbase=${name}`])])
    assert.equal(told(plan(desired, { app1: seen('dispatcher'), km1: seen('km') })), [
      'Stop dispatcher@app1',
      'Stop km@km1',
    ])
  })

  test('does nothing, and says how it is, where all is as it should be', () => {
    const planned = plan(want('running', service('km', 'h1')), { h1: observation([process(7, ['-Dbase=km'])]) })
    assert.equal(only(planned), { _tag: 'None', why: 'running: km pid 7' })
  })

  test('calls the whole script only when nothing of the service is there', () => {
    assert.equal(commandsOf(plan(want('running', dispatcher), { h1: nothing })), ['/init/dispatcher start'])
    const survivor = observation([process(9, ['sh', '/dispatcher/bin/pinger'])])
    assert.equal(commandsOf(plan(want('running', dispatcher), { h1: survivor })), ['/dispatcher/bin/tomcat start'])
  })

  test('refuses rather than doubles what is there when the missing process has no start of its own', () => {
    const planned = plan(want('running', dispatcher), {
      h1: observation([process(7, ['-Dbase=dispatcher'])], [listener(3302, [7])]),
    })
    assert.match(
      only(planned)?._tag === 'Refuse' ? JSON.stringify(only(planned)) : '',
      'starting the whole service would double what is there',
    )
  })

  test('never says to end a daemon that has the words of its start command', () => {
    const main = daemon('main', ['/app/web'], { port: 80 })
    const web = service('web', 'h1', { start: '/app/web --run', processes: [main] })
    const seen = observation([process(7, ['/app/web', '--run'])])
    const said = (one: typeof web) => JSON.stringify(only(plan(want('running', one), { h1: seen })))
    assert.match(said(web), '"steward stop web -l h1, then run this again')
    assert.match(said({ ...web, logs: ['/app/log'] }), '"see its log; steward stop web -l h1, then run this again')
  })

  test('names the call that ends the copies of a duplicate', () => {
    const web = service('web', 'h1', { start: '/web', processes: [daemon('main', ['/app/web'])] })
    const seen = observation([process(7, ['/app/web']), process(8, ['/app/web'])])
    assert.match(
      JSON.stringify(only(plan(want('running', web), { h1: seen }))),
      '"steward stop web -l h1, then run this again',
    )
  })

  test('foresees for later plays that what is restarted runs, and that of several copies one is left', () => {
    const escalation = [{ _tag: 'Signal', name: 'TERM' }] as const
    const km = service('km', 'h1', {
      processes: [daemon('km', ['-Dbase=km'], { port: 2013 })],
      onHung: 'restart',
      onDuplicate: 'keep_port_owner',
      stop: { command: null, withinMs: 5_000, escalation },
    })
    const app = service('dispatcher', 'h1', { requires: ['km'] })
    const plays = [
      { name: 'one', desired: want('running', km), prerequisites: [] },
      { name: 'two', desired: want('running', app), prerequisites: [km] },
    ]
    const tags = (seen: Observation) =>
      planPlaybook(plays, new Map([[km.host, E.right(seen)]])).plays.flatMap(({ steps }) =>
        steps.map(({ action }) => action._tag),
      )
    assert.equal(tags(observation([process(7, ['-Dbase=km'])])), ['Restart', 'Start'])
    const twice = [process(7, ['-Dbase=km']), process(8, ['-Dbase=km'])]
    assert.equal(tags(observation(twice, [listener(2013, [7])])), ['Trim', 'Start'])
  })

  test('foresees of each start processes of its own, whatever earlier plays have stopped', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(name => service(name, 'h1', { start: `start ${name}` }))
    if (a === undefined || b === undefined || c === undefined) return
    const desired = [
      want('running', a, b),
      [...want('stopped', a), ...want('running', c)],
      want('stopped', b),
      want('running', c),
    ]
    const seen = observation([], [], { scripts: new Map([a, b].map(({ name }) => [`/init/${name}`, 'executable'])) })
    const plays = desired.map(desired => ({ name: 'play', desired, prerequisites: [] }))
    assert.equal(planPlaybook(plays, new Map([[a.host, E.right(seen)]])).plays.map(told), [
      ['Start a@h1', 'Start b@h1'],
      ['Stop a@h1', 'Start c@h1'],
      ['Stop b@h1'],
      ['None c@h1'],
    ])
  })

  test('is the same in whichever order hosts are seen, whether a play has changed them before or not', () => {
    const on = (name: string, state: DesiredState) =>
      want(state, service(name, 'h1', { start: `start ${name}` }), service(name, 'h2', { start: `start ${name}` }))
    const plays = [
      { name: 'one', desired: on('km', 'running'), prerequisites: [] },
      { name: 'two', desired: [...on('km', 'stopped'), ...on('web', 'running')], prerequisites: [] },
    ]
    const looks = [
      ['h1' as HostName, E.right(nothing)],
      ['h2' as HostName, E.right(observation([process(7, ['-Dbase=km'])]))],
    ] as const
    const planned = planPlaybook(plays, new Map(looks))
    assert.equal(planned.plays.map(told), [
      ['Start km@h1', 'None km@h2'],
      ['Stop km@h1', 'Start web@h1', 'Stop km@h2', 'Start web@h2'],
    ])
    assert.equal(planPlaybook(plays, new Map(looks.toReversed())), planned)
  })

  test('starts just the missing pollers, each by its own command', () => {
    const monitor = service('monitor', 'h1', { processes: [pollers()] })
    const seen = observation([process(3, ['/monitor/bin/poll', 'Dns', '1'])], [], {
      lines: ['Dns 1', 'Ssl 1', 'Image 2'],
    })
    assert.equal(commandsOf(plan(want('running', monitor), { h1: seen })), [
      '/monitor/bin/poll start Ssl 1',
      '/monitor/bin/poll start Image 2',
    ])
  })

  test('calls the first of several scripts that is on the host', () => {
    const worker = service('worker', 'h1', { scripts: ['/init/worker', '/init/workers'] })
    const scripts = new Map([
      ['/init/worker', 'missing'],
      ['/init/workers', 'executable'],
    ] as const)
    assert.equal(commandsOf(plan(want('running', worker), { h1: observation([], [], { scripts }) })), [
      '/init/workers start',
    ])
  })

  test('refuses where the script is not on the host', () => {
    const planned = plan(want('running', service('km', 'h1')), { h1: observation([], [], { scripts: new Map() }) })
    assert.match(JSON.stringify(only(planned)), '/init/km is not an executable file on the host')
  })

  test('watches exactly the processes that were seen, less those that are kept', () => {
    const seen = observation([
      process(7, ['-Dbase=dispatcher']),
      process(9, ['/dispatcher/bin/pinger']),
      process(11, ['grep', 'dispatcher']),
    ])
    const action = only(plan(want('stopped', dispatcher), { h1: seen }))
    assert.equal(action?._tag === 'Stop' ? action.watch.map(watched => watched.process.pid) : [], [7])
  })

  test('does not depend on the order of its input', () =>
    fc.assert(
      fc.property(estates(), fc.infiniteStream(fc.integer()), ({ desired, looks }, random) => {
        const shuffled = [...desired].map(one => ({ one, key: random.next().value })).sort((a, b) => a.key - b.key)
        assert.equal(
          plan(
            shuffled.map(({ one }) => one),
            looks,
          ),
          plan(desired, looks),
        )
      }),
      { numRuns: 200 },
    ))

  test('has no start before what it requires and no stop before what requires it', () =>
    fc.assert(
      fc.property(estates(), ({ desired, looks }) => {
        const { steps } = plan(desired, looks)
        const place = new Map(steps.map(({ id }, i) => [id, i]))
        for (const { service: one, state } of desired) {
          for (const other of desired.filter(({ service: { name } }) => one.requires.includes(name))) {
            const [mine = 0, its = 0] = [place.get(stepId(one)), place.get(stepId(other.service))]
            const acts = [mine, its].every(i => steps[i]?.action._tag === 'Start' || steps[i]?.action._tag === 'Stop')
            if (acts && state === other.state) assert.ok(state === 'running' ? its < mine : mine < its)
            if (acts && state === 'running' && other.state === 'running')
              assert.ok(steps[mine]?.after.includes(stepId(other.service)))
          }
        }
      }),
      { numRuns: 500 },
    ))
})

/** Up to eight services, each requiring some of those before it, on up to three hosts, running or not. */
const estates = () =>
  fc
    .array(
      fc.record({
        host: fc.constantFrom('h1', 'h2', 'h3'),
        requires: fc.array(fc.nat(7), { maxLength: 3 }),
        runs: fc.boolean(),
        state: fc.constantFrom<DesiredState>('running', 'stopped'),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map(parts => {
      const desired = parts.map(({ host, requires, state }, i) => ({
        service: service(`s${i}`, host, { requires: [...new Set(requires.filter(n => n < i))].map(n => `s${n}`) }),
        state,
        startedAfterMs: null,
        hooksDue: [],
      }))
      const scripts = new Map(parts.map((_, i) => [`/init/s${i}`, 'executable'] as const))
      const on = (host: string) =>
        parts.flatMap((part, i) => (part.host === host && part.runs ? [process(100 + i, [`-Dbase=s${i}`])] : []))
      const looks = Object.fromEntries(['h1', 'h2', 'h3'].map(host => [host, observation(on(host), [], { scripts })]))
      return { desired, looks }
    })
