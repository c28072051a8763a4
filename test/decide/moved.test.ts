import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { digestPlay } from '../../lib/decide/digest.js'
import { movedSince, withoutMoved } from '../../lib/decide/moved.js'
import { planPlay, planPlaybook } from '../../lib/decide/plan.js'
import type { HostName } from '../../lib/model/names.js'
import type { Looks, Observation } from '../../lib/model/observation.js'
import type { StepId } from '../../lib/model/plan.js'
import type { DesiredService, ExpandedPlay } from '../../lib/model/playbook.js'
import type { SavedPlay } from '../../lib/model/saved-plan.js'
import { describe } from '../helpers/test.js'
import { daemon, listener, observation, process, service } from './builders.js'

const hosts = ['h1', 'h2', 'h3'] as const

/** On each host: `web`, which holds a port and is to be stopped, and `side`, which is not there and is to be started. */
const desired: readonly DesiredService[] = hosts.flatMap(host => [
  {
    service: service('web', host, { processes: [daemon('web', ['-Dbase=web'], { port: 80 })], start: '/start' }),
    state: 'stopped',
    startedAfterMs: null,
    hooksDue: [],
  },
  {
    service: service('side', host, { start: '/side/start' }),
    state: 'running',
    startedAfterMs: null,
    hooksDue: [],
  },
])
const play: ExpandedPlay = { name: 'play', desired, prerequisites: [] }
const scripts = new Map([['/init/web', 'executable' as const]])
const calm = observation([process(10, ['-Dbase=web'])], [listener(80, [10])], { scripts })

/** What may be otherwise on a host, none of which is what was planned. */
const changes: readonly ((seen: Observation) => Observation)[] = [
  seen => ({ ...seen, ...evidenceOf(observation([process(11, ['-Dbase=web'])], [listener(80, [11])])) }),
  seen => ({
    ...seen,
    ...evidenceOf(observation([process(10, ['-Dbase=web'], { startTicks: 7 })], [listener(80, [10])])),
  }),
  seen => ({ ...seen, ...evidenceOf(observation([process(10, ['-Dbase=web'])], [])) }),
  seen => ({
    ...seen,
    ...evidenceOf(observation([process(10, ['-Dbase=web']), process(12, ['nc'])], [listener(80, [12])])),
  }),
  seen => ({ ...seen, bootId: 'boot-2' }),
  seen => ({
    ...seen,
    ...evidenceOf(
      observation(
        [10, 11].map(pid => process(pid, ['-Dbase=web'])),
        [listener(80, [10])],
      ),
    ),
  }),
]
const evidenceOf = ({ processes, listeners }: Observation) => ({ processes, listeners })

const looksWhere = (change: (host: string) => Observation): Looks =>
  new Map(hosts.map(host => [host as HostName, E.right({ ...change(host), host: host as HostName })]))
const planned = (change: (host: string) => Observation = () => calm) => planPlay(play, looksWhere(change))
const saved = digestPlay(planned())

describe('a plan that was saved', test => {
  test('is the same plan where nothing has moved', () => {
    assert.equal([...movedSince(saved, digestPlay(planned()), new Set())], [])
    assert.equal(saved.steps.map(({ action }) => action).sort(), ['Start', 'Start', 'Start', 'Stop', 'Stop', 'Stop'])
  })

  test('refuses just the hosts where a pid, a start, an owner or the boot is another one', () => {
    fc.assert(
      fc.property(
        fc.record({ h1: fc.nat(changes.length), h2: fc.nat(changes.length), h3: fc.nat(changes.length) }),
        which => {
          const isMoved = (host: string) => which[host as keyof typeof which] > 0
          const now = planned(host => changes[which[host as keyof typeof which] - 1]?.(calm) ?? calm)
          const moved = movedSince(saved, digestPlay(now), new Set())
          assert.equal([...moved.keys()].sort(), hosts.filter(isMoved))
          for (const { host, action, hooks } of withoutMoved(now, moved).steps) {
            assert.is(action._tag === 'Refuse', isMoved(host), `${host}: ${JSON.stringify(action)}`)
            if (action._tag === 'Refuse') assert.equal(hooks, [])
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  test('says which process is there in place of which', () => {
    const now = digestPlay(planned(host => (host === 'h2' ? (changes[0]?.(calm) ?? calm) : calm)))
    assert.equal(
      [...movedSince(saved, now, new Set())],
      [['h2', 'web@h2: web pid 10 (started at tick 100) is gone, and web pid 11 (started at tick 110) is there']],
    )
  })

  test('takes what somebody else has done meanwhile for done', () => {
    const gone = observation([], [], { scripts })
    const now = planned(host => (host === 'h1' ? gone : calm))
    assert.is(now.steps.find(({ id }) => String(id) === 'web@h1')?.action._tag, 'None')
    assert.equal([...movedSince(saved, digestPlay(now), new Set())], [])
  })

  test('does nothing that it does not have', () => {
    const fewer: SavedPlay = { ...saved, steps: saved.steps.filter(({ id }) => String(id) !== 'side@h3') }
    assert.equal([...movedSince(fewer, digestPlay(planned()), new Set())], [['h3', 'side@h3 is not in the plan']])
    const other = saved.steps.map(step => (String(step.id) === 'side@h1' ? { ...step, does: ['/other'] } : step))
    assert.equal(
      [...movedSince({ ...saved, steps: other }, digestPlay(planned()), new Set())],
      [['h1', 'side@h1: what is to be run is no longer the same']],
    )
  })

  test('lets a run go on with what it has begun by it', () => {
    const begun = new Set<StepId>(['web@h2' as StepId])
    const whyOnH2 = (seen: Observation, sinceBegun: ReadonlySet<StepId>) => {
      const now = digestPlay(planned(host => (host === 'h2' ? seen : calm)))
      const steps = now.steps.filter(({ id }) => id.startsWith('web'))
      return movedSince(saved, { ...now, steps }, sinceBegun).get('h2' as HostName) ?? null
    }
    const closed = { ...calm, ...evidenceOf(observation([process(10, ['-Dbase=web'])], [])) }
    assert.match(whyOnH2(closed, new Set()) ?? '', /no longer open/)
    assert.is(whyOnH2(closed, begun), null)
    assert.match(whyOnH2(changes[0]?.(calm) ?? calm, begun) ?? '', /^web@h2: .*pid 11 .*was not there$/)
    assert.is(whyOnH2({ ...calm, bootId: 'another' }, begun), 'web@h2: its host was booted')
  })

  test('takes any process for the one that it foresaw, and misses it where there is none', () => {
    const start = desired.map(one => ({ ...one, state: 'running' as const }))
    const plays = [
      { ...play, desired: start },
      { ...play, desired },
    ]
    const none = observation([], [], { scripts })
    const [, stop] = planPlaybook(
      plays,
      looksWhere(() => none),
    ).plays.map(digestPlay)
    const born = digestPlay(planned(() => calm)).steps.filter(({ id }) => id.startsWith('web'))
    assert.equal([...movedSince(stop, { name: 'play', steps: born }, new Set())], [])
    const still = born.map(step => ({ ...step, seen: step.seen && { ...step.seen, processes: [], ports: [] } }))
    assert.match([...movedSince(stop, { name: 'play', steps: still }, new Set())][0]?.[1] ?? '', 'web is not there')
  })
})
