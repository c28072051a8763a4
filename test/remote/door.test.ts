import { PassThrough } from 'node:stream'
import * as assert from 'uvu/assert'
import { Secret } from '../../lib/model/secret.js'
import { doorTo } from '../../lib/remote/become/door.js'
import { followScript } from '../../lib/remote/follow-script.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf, scriptOf } from './scripts.js'

const prompt = 'steward-abc password: '
const mark = 'steward-abc door 42\n'

describe('a script behind a door', test => {
  test('is sent only when the other shell is there, with what it has to know first', () => {
    const { send, hear, written } = follow()
    send()
    const way = written()
    hear('Last login: steward-abc\nsteward-abc door 4')
    assert.is(written(), way)
    hear('2 de_DE.UTF-8\n')
    const first = `steward_connection=42; [ "\${LC_ALL-}" != C ] || LC_ALL=de_DE.UTF-8\n`
    assert.is(written().slice(way.length), `${first}text`)
  })

  test('has nothing but its own output', async () => {
    const { send, hear, complain, ended, answer } = follow()
    send()
    complain('We trust you have received the usual lecture.\n')
    hear(`noise\n${mark}out`)
    complain('err')
    ended(7)
    assert.equal(rightOf(await answer), { stdout: 'out', stderr: 'err', code: 7 })
  })

  test('gives the password when it is asked for, however the prompt is cut, and not before', () => {
    const { send, complain, written } = follow()
    send()
    const way = written()
    assert.not.match(way, 'sesame')
    complain('The usual lecture.\nsteward-abc pass')
    assert.is(written(), way)
    complain('word: ')
    assert.is(written().slice(way.length), 'sesame\n')
  })

  test('gives it to nobody who does not ask', () => {
    const { send, hear, written } = follow()
    send()
    hear(mark)
    assert.not.match(written(), 'sesame')
  })

  test('ends the input where it is asked again, or asked to change it', () => {
    for (const more of [`Sorry, try again.\n${prompt}`, 'sudo: Account or password is expired\nCurrent password: ']) {
      const { send, complain, written, isEnded } = follow()
      send()
      complain(prompt)
      assert.not.ok(isEnded())
      complain(more)
      assert.ok(isEnded())
      assert.is(written().split('sesame').length, 2)
    }
  })

  test('is refused, and not sent, where the other shell comes after it was given up', async () => {
    for (const [more, reason] of [
      [`Sorry, try again.\n${prompt}`, 'WrongPassword'],
      ['Your password has expired. You have 3 grace logins remaining.\n', 'Expired'],
    ] as const) {
      const { send, hear, complain, written, ended, answer, failures } = follow()
      send()
      complain(prompt)
      complain(more)
      const way = written()
      hear(mark)
      hear('out')
      ended(0)
      assertError(await answer, 'BecomeRefused', reason)
      assert.is(written(), way)
      assert.equal(failures, [])
    }
  })

  test('can be sent again where whoever opens was killed', async () => {
    const { send, ended, answer } = follow()
    send()
    ended(null)
    assertError(await answer, 'Unreachable', 'killed')
  })

  test('was not sent where the other shell never came', async () => {
    const refused = follow()
    refused.send()
    refused.complain('sudo: a password is required\n')
    refused.ended(1)
    assertError(await refused.answer, 'BecomeRefused', 'PasswordNeeded')
    const late = follow(1)
    late.send()
    assertError(await late.answer, 'Unreachable', 'not let in', '0.001 s')
  })
})

const follow = (deadlineMs = 10_000) => {
  const input = new PassThrough()
  const failures: Error[] = []
  input.on('error', error => failures.push(error))
  let text = ''
  const door = doorTo({ method: 'sudo', user: 'root', password: null }, new Secret('sesame'), 'abc')
  const following = followScript(scriptOf('text', { deadlineMs, door }), input, () => {})
  return {
    send: following.send,
    answer: following.answer,
    ended: following.ended,
    hear: (words: string) => following.onStdout(Buffer.from(words)),
    complain: (words: string) => following.onStderr(Buffer.from(words)),
    written: () => {
      text += input.read() ?? ''
      return text
    },
    isEnded: () => input.writableEnded,
    failures,
  }
}
