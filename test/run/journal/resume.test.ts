import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import type { JournalEntry, PastRun } from '../../../lib/model/journal.js'
import { changedInputs, howToResume } from '../../../lib/run/journal/resume.js'
import { describe } from '../../helpers/test.js'
import { closed, intended, opened, options, recordsOf } from './builders.js'

describe('how a run is taken up again', test => {
  test('is with the options it was given', () => {
    for (const end of [[], [closed(2)], [{ _tag: 'Interrupted' }, closed(99)]] as const) {
      const how = howToResume(past([opened, intended(), ...end]))
      const runId = '20261124T231500.482-3f9a2c'
      assert.equal(how, E.right({ ...options, runId }))
    }
  })

  test('is not at all when it was done, is still running, or was never begun', () => {
    assert.equal(howToResume(past([opened, closed(0)])), E.left('it was done to its end'))
    assert.equal(howToResume(past([opened], 'running')), E.left('it is still running, as pid 4242'))
    assert.match(why(past([])), 'nothing had been done')
  })

  test('is not at all where its first line cannot be read, and then nobody knows what was done', () => {
    const told = why({ ...past([], 'unknown'), tail: { _tag: 'Torn', line: 1, reason: 'its checksum does not match' } })
    assert.is(told, 'its journal does not tell how it was begun, nor what was done: look with steward status')
  })

  test('is up to the program that began it, where one did', () =>
    assert.match(why(past([{ ...opened, command: 'program' } as JournalEntry])), 'a program began it'))

  test('cannot be told where an option held a secret', () =>
    assert.match(why(past([{ ...opened, more: { 'extra-vars': ['p=***'] } } as JournalEntry])), 'held a secret'))
})

describe('the files of a run', test => {
  test('are compared with those that are read now', () => {
    const then = [file('a', '1'), file('b', '1'), file('c', '1')]
    assert.equal(changedInputs(then, [file('a', '1'), file('b', '2'), file('d', '1')]), [
      'b has changed',
      'c is read no longer',
      'd was not read then',
    ])
    assert.equal(changedInputs(then, then), [])
  })
})

const past = (entries: readonly JournalEntry[], liveness: PastRun['liveness'] = 'gone'): PastRun => ({
  runId: '20261124T231500.482-3f9a2c',
  liveness,
  records: recordsOf(entries),
  tail: { _tag: 'Whole' },
})

const why = (run: PastRun): string => {
  const how = howToResume(run)
  return E.isLeft(how) ? how.left : 'it can be resumed'
}

const file = (path: string, sha256: string) => ({ path, sha256 })
