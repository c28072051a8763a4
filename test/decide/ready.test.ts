import * as assert from 'uvu/assert'
import { questionsFor, whyNotReady } from '../../lib/decide/ready.js'
import type { Answer, HostText } from '../../lib/model/observation.js'
import type { Check } from '../../lib/model/ready.js'
import { describe } from '../helpers/test.js'
import { observation } from './builders.js'

const health: Check = {
  _tag: 'Http',
  url: 'http://127.0.0.1/health',
  status: [200, 204],
  body: 'UP',
  verify: true,
  from: 'host',
}
const port: Check = { _tag: 'Tcp', place: { address: null, port: 2013 }, from: 'controller' }
const log: Check = { _tag: 'Log', file: '/log', line: 'started' }

const answered = (status: number, body = ''): Answer => ({ _tag: 'Http', status, body: body as HostText })
const no = (why: string): Answer => ({ _tag: 'No', why })

const why = (...given: readonly (readonly [Check, Answer | undefined])[]): string | null => {
  const questions = given.map(([check]) => ({ check, since: null }))
  const answers = new Map(
    questions.flatMap((question, i) => {
      const answer = given[i]?.[1]
      return answer === undefined ? [] : [[question, answer] as const]
    }),
  )
  return whyNotReady(questions, observation([], [], { answers }))?.why ?? null
}

describe('what runs', test => {
  test('is ready when every answer is as it should be', () => {
    assert.is(why(), null)
    assert.is(why([health, answered(204, '{"status":"UP"}')], [port, { _tag: 'Yes' }], [log, { _tag: 'Yes' }]), null)
  })

  test('is not ready by another status, by another body, or without an answer, and says by whom', () => {
    const at = 'http http://127.0.0.1/health from the host'
    assert.is(why([health, answered(503, 'down\n\n')]), `${at}: status 503, not 200 or 204; it said "down"`)
    assert.is(why([health, answered(200, 'DOWN')]), `${at}: "UP" is not in its body; it said "DOWN"`)
    assert.is(why([health, answered(200)]), `${at}: "UP" is not in its body; it said nothing`)
    assert.is(why([health, no('refused')]), `${at}: refused`)
    assert.is(why([health, undefined]), `${at}: there is no answer`)
  })

  test('is not ready for all the reasons there are', () =>
    assert.is(
      why([port, no('refused')], [health, answered(200, 'UP')], [log, no('there is no such file')]),
      'tcp 2013 from the controller: refused; log /log: there is no such file',
    ))
})

describe('the questions after a start', test => {
  test('count of a log what comes after where it ended right before, or all of it where there was none', () => {
    const end = { inode: '1', bytes: 2, sum: '3' }
    assert.equal(questionsFor([log], new Map([['/log', end]])), [{ check: log, since: end }])
    assert.equal(questionsFor([log], new Map([['/log', null]])), [{ check: log, since: null }])
  })

  test('leave a log out where nobody has seen the start', () =>
    assert.equal(questionsFor([health, log], null), [{ check: health, since: null }]))
})
