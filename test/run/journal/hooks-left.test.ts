import * as assert from 'uvu/assert'
import type { AfterMoment } from '../../../lib/model/catalog.js'
import type { JournalEntry, Liveness, PastRun } from '../../../lib/model/journal.js'
import type { HostName, ServiceName } from '../../../lib/model/names.js'
import type { Action } from '../../../lib/model/plan.js'
import type { DesiredState } from '../../../lib/model/playbook.js'
import { hooksLeft } from '../../../lib/run/journal/hooks-left.js'
import { describe } from '../../helpers/test.js'
import { closed, concluded, intended, km, opened, recordsOf } from './builders.js'

describe('hooks that are due', test => {
  test('are those of a run that did not end its step with a change', () => {
    assert.equal(leftOf(run(1, due('afterStart'), intended())), ['1 km@km1 afterStart'])
    assert.equal(leftOf(run(1, due('afterStart'), concludedAs('failed'), closed(2))), ['1 km@km1 afterStart'])
    assert.equal(leftOf(run(1, due('afterStart'), concluded())), [])
  })

  test('are the last that the run called due, and none where it called none so', () => {
    assert.equal(leftOf(run(1, due('afterStop', 'afterStart'), due('afterStart'))), ['1 km@km1 afterStart'])
    assert.equal(leftOf(run(1, due('afterStart'), due(), concludedAs('failed'))), [])
  })

  test('stay so through runs that find nothing to do, or cannot begin, until one does them', () => {
    const first = run(1, due('afterStart'))
    const later = [run(2, concludedAs('ok')), run(3, due('afterStart'), due(), concludedAs('failed'))]
    assert.equal(leftOf(first, ...later), ['1 km@km1 afterStart'])
    assert.equal(leftOf(first, ...later, run(4, concluded())), [])
    assert.equal(leftOf(first, run(2, due('afterStart'))), ['2 km@km1 afterStart'])
  })

  test('stay so through a trim, which has none', () => {
    const first = run(1, due('afterStart'))
    assert.equal(leftOf(first, run(2, planned(['Trim', 'running']), concluded())), ['1 km@km1 afterStart'])
    // Later plays are only foreseen there: each is planned again when it begins.
    const [foreseen, seen] = [planned(['Start', 'running'], ['Trim', 'running']), planned(['Trim', 'running'])]
    assert.equal(leftOf(first, run(2, foreseen, concluded(), seen, concluded())), [])
  })

  test('are paid one moment at a time, for good', () => {
    const first = run(1, due('afterStop', 'afterStart'), done('afterStop'), concludedAs('failed'))
    assert.equal(leftOf(first), ['1 km@km1 afterStart'])
    const cut = run(1, due('afterStop', 'afterStart'))
    const notLaunched = run(2, done('afterStop'), due('afterStart'), due(), concludedAs('failed'))
    assert.equal(leftOf(cut, notLaunched), ['1 km@km1 afterStart'])
    assert.equal(leftOf(run(1, due('afterStop')), run(2, done('afterStop'), concludedAs('failed'))), [])
  })

  test('after a stop are so no longer once it is seen to run', () => {
    const first = run(1, due('afterStop', 'afterStart'))
    const finds = (state: DesiredState) => run(2, planned(['None', state]), concludedAs('ok'))
    assert.equal(leftOf(first, finds('running')), ['1 km@km1 afterStart'])
    assert.equal(leftOf(first, finds('stopped')), ['1 km@km1 afterStop afterStart'])
  })

  test('are not known of a run that is under way, and are not those of another inventory', () => {
    assert.equal(leftOf(run(1, due('afterStart')), { ...run(2, due('afterStart')), liveness: 'running' }), [])
    assert.equal(hooksLeft([run(1, due('afterStart'))], ['/hosts.yml', '/other.yml']), [])
  })
})

const due = (...moments: readonly AfterMoment[]): JournalEntry => ({ _tag: 'HooksDue', id: km, moments })

const done = (moment: AfterMoment): JournalEntry => ({ _tag: 'HooksDone', id: km, moment })

/** What is planned for it in one play after the other. */
const planned = (...plays: readonly (readonly [Action['_tag'], DesiredState])[]): JournalEntry => ({
  _tag: 'PlanMade',
  plays: plays.map(([action, desired]) => ({
    name: 'play',
    steps: [{ id: km, host: 'km1' as HostName, service: 'km' as ServiceName, desired, found: null, action, after: [] }],
  })),
})

const concludedAs = (outcome: 'ok' | 'failed'): JournalEntry => ({ _tag: 'Concluded', id: km, outcome, words: '' })

const run = (n: number, ...entries: readonly JournalEntry[]): PastRun => ({
  runId: `${n}`,
  liveness: 'gone' as Liveness,
  records: recordsOf([opened, ...entries]),
  tail: { _tag: 'Whole' },
})

/** Whatever the order in which they are read. */
const leftOf = (...runs: readonly PastRun[]): readonly string[] =>
  hooksLeft([...runs].reverse(), ['/hosts.yml']).map(({ runId, id, moments }) => `${runId} ${id} ${moments.join(' ')}`)
