import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { ConcludedAs, JournalEntry, PastRun } from '../../../lib/model/journal.js'
import type { HostName, ServiceName } from '../../../lib/model/names.js'
import type { Action, StepId } from '../../../lib/model/plan.js'
import { hostsToRetry } from '../../../lib/run/journal/retry.js'
import { describe } from '../../helpers/test.js'
import { closed, opened, recordsOf } from './builders.js'

const run = (...entries: readonly JournalEntry[]): PastRun => ({
  runId: 'r',
  liveness: 'gone',
  records: recordsOf([opened, ...entries]),
  tail: { _tag: 'Whole' },
})

const id = (host: string) => `web@${host}` as StepId

/** A play for each argument: hosts and what is to be done to `web` there. */
const planned = (...plays: readonly Readonly<Record<string, Action['_tag']>>[]) => plannedAs('play', plays)

const plannedAs = (name: string, plays: readonly Readonly<Record<string, Action['_tag']>>[]): JournalEntry => ({
  _tag: 'PlanMade',
  plays: plays.map(play => ({
    name,
    steps: Object.entries(play).map(([host, action]) => ({
      id: id(host),
      host: host as HostName,
      service: 'web' as ServiceName,
      desired: 'running',
      found: null,
      action,
      after: [],
    })),
  })),
})

const ended = (host: string, outcome: ConcludedAs): JournalEntry => ({
  _tag: 'Concluded',
  id: id(host),
  outcome,
  words: '',
})
const intended = (host: string): JournalEntry => ({
  _tag: 'Intended',
  id: id(host),
  host: host as HostName,
  act: { _tag: 'Launch', launches: [] },
})

const hosts = (past: PastRun) => {
  const found = hostsToRetry(past)
  return E.isLeft(found) ? found.left : found.right
}

describe('the hosts to retry', test => {
  test('are those that failed, were out of reach or skipped', () => {
    const plan = planned({ a: 'Start', b: 'Start', c: 'Unreachable', d: 'Start', e: 'None' })
    const ends = [
      ended('a', 'changed'),
      ended('b', 'failed'),
      ended('c', 'unreachable'),
      ended('d', 'skipped'),
      ended('e', 'ok'),
    ]
    assert.equal(hosts(run(plan, ...ends, closed(2))), ['b', 'c', 'd'])
    assert.equal(hosts(run(planned({ a: 'Start' }), ended('a', 'changed'), closed())), [])
  })

  test('are those where something was intended or planned that nobody knows the end of', () => {
    const plan = planned({ a: 'Start', b: 'Start', c: 'Start', d: 'None' })
    assert.equal(hosts(run(plan, intended('a'), ended('a', 'changed'), intended('b'))), ['b', 'c'])
  })

  test('are those that were rolled back', () => {
    const plan = planned({ a: 'Start', b: 'Start', c: 'Start' })
    const back = plannedAs('Rollback of play: stop', [{ a: 'Stop' }])
    const ends = [ended('a', 'changed'), ended('b', 'changed'), back, ended('a', 'changed'), ended('c', 'skipped')]
    assert.equal(hosts(run(plan, ...ends, closed(2))), ['a', 'c'])
  })

  test('are those where something is to be done by a plan made anew', () => {
    const plan = planned({ a: 'Start' }, { b: 'None' })
    assert.equal(hosts(run(plan, ended('a', 'changed'), planned({ b: 'Start' }))), ['b'])
  })

  test('are those that a later play was to come to', () => {
    const plan = planned({ a: 'Stop', b: 'Stop' }, { a: 'Start', b: 'None' })
    const stopped = [plan, ended('a', 'changed'), ended('b', 'changed')]
    assert.equal(hosts(run(...stopped)), ['a', 'b'])
    const started = [planned({ a: 'Start', b: 'None' }), ended('b', 'ok'), intended('a')]
    assert.equal(hosts(run(...stopped, ...started)), ['a'])
    assert.equal(hosts(run(...stopped, ...started, ended('a', 'changed'), closed())), [])
  })

  test('are those that went bad after they had ended well', () =>
    assert.equal(hosts(run(planned({ a: 'Start' }), ended('a', 'changed'), ended('a', 'failed'), closed(2))), ['a']))

  test('cannot be told of a run that is under way, or was killed before its plan', () => {
    assert.is(hosts({ ...run(planned({ a: 'Start' })), liveness: 'running' }), 'it is still running')
    assert.is(hosts(run()), 'its journal does not tell what it had to do: run it again')
  })
})
