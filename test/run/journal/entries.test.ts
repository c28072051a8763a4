import * as assert from 'uvu/assert'
import {
  concluded,
  intendedHook,
  intendedLaunch,
  intendedSignal,
  notBegun,
  notSeen,
  planMade,
  runClosed,
} from '../../../lib/run/journal/entries.js'
import { readRecords } from '../../../lib/run/journal/record.js'
import type { Outcome } from '../../../lib/run/outcome.js'
import { describe } from '../../helpers/test.js'
import { both, hostOf, twoHosts } from '../builders.js'
import { linesOf, recordsOf } from './builders.js'

describe('what is written down of a run', test => {
  test('reads back as records of this version', async () => {
    const estate = twoHosts()
    const plan = await estate.plan(both)
    const ended = (await estate.run(both)).facts.at(-1)
    const step = plan.plays[0]?.steps[0]
    if (step?.action._tag !== 'Start' || ended?._tag !== 'RunEnded') throw new Error('the run is not as expected')
    const entries = [
      planMade(plan),
      intendedLaunch(step, step.action.launches),
      intendedSignal(step, 'TERM', [7]),
      notBegun(step),
      intendedHook(step, { what: 'hook before a stop', command: 'drain' }),
      notSeen(step.host, { why: 'no', own: 'no' }),
      concluded(step, { _tag: 'Done', changed: true, now: 'running', found: step.found }),
      concluded(step, { _tag: 'Failed', why: 'no', own: 'no', wayOut: 'do', output: null }),
      concluded(step, { _tag: 'Unreachable', why: 'no', own: 'no' }),
      concluded(step, { _tag: 'Skipped', because: 'no' }),
      runClosed(ended.recap, ended.exitCode),
    ]
    const records = recordsOf(entries)
    assert.equal(readRecords(linesOf(records).join('')), { records, tail: { _tag: 'Whole' } })
  })

  test('holds nothing that processes on a host were called with, and nothing that a command printed', async () => {
    const estate = twoHosts()
    hostOf(estate, 'km1').spawn(['nginx', '--key=canary'], { listens: [2013] })
    const plan = await estate.plan(both)
    const step = plan.plays[0]?.steps[0]
    if (step === undefined) throw new Error('nothing is planned')
    assert.match(JSON.stringify(plan), 'canary')
    const why = 'port 80 is held by pid 7 (nginx --key=canary)'
    const quoting = { why, own: 'port 80 is held by pid 7' }
    const outcomes: readonly Outcome[] = [
      { _tag: 'Failed', ...quoting, wayOut: null, output: why },
      { _tag: 'Unreachable', ...quoting },
      { _tag: 'Locked', ...quoting, wayOut: 'wait' },
      { _tag: 'Done', changed: true, now: why, found: step.found },
    ]
    const entries = [planMade(plan), ...outcomes.map(outcome => concluded(step, outcome))]
    assert.not.match(JSON.stringify(entries), 'canary')
  })
})
