import * as assert from 'uvu/assert'
import type { JournalEntry, PastRun } from '../../../lib/model/journal.js'
import type { StepId } from '../../../lib/model/plan.js'
import { begunSoFar } from '../../../lib/run/journal/begun.js'
import { describe } from '../../helpers/test.js'
import { intended, km, opened, recordsOf } from './builders.js'

const web: StepId = 'web@app1'

const run = (...entries: readonly JournalEntry[]): PastRun => ({
  runId: opened._tag === 'RunOpened' ? opened.runId : '',
  liveness: 'gone',
  records: recordsOf([opened, ...entries]),
  tail: { _tag: 'Whole' },
})

describe('what a run that was kept to a plan has begun', test => {
  test('is what it meant to do, and what those had begun that it took up', () =>
    assert.equal(begunSoFar(run(intended(km)), [web]), [web, km]))

  test('is nothing that its last look refused', () =>
    assert.equal(begunSoFar(run(intended(km), { _tag: 'NotBegun', id: km }, intended(web)), undefined), [web]))
})
