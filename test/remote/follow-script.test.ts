import { PassThrough } from 'node:stream'
import * as assert from 'uvu/assert'
import { followScript } from '../../lib/remote/follow-script.js'
import type { Script } from '../../lib/remote/transport.js'
import { describe } from '../helpers/test.js'
import { askingScript, assertError, rightOf, scriptOf } from './scripts.js'

describe('a script that is followed', test => {
  test('gets its text and the end of its input', async () => {
    const { send, input } = follow(scriptOf('text'))
    send()
    assert.is(await textIn(input), 'text')
  })

  test('is answered as soon as the question stands at the start of a line, however it is cut', async () => {
    for (const size of [1, 2, 3, 100]) {
      const heard: string[] = []
      const script = askingScript('ASK', stdout => {
        heard.push(stdout)
        return '!'
      })
      const { send, onStdout, input } = follow(script)
      send()
      feed(onStdout, 'no ASK, nearly\n ASK\nASK\nASK', size)
      assert.is(await textIn(input), `${script.text}!`)
      assert.is(heard.length, 1)
      assert.ok(heard[0]?.startsWith('no ASK, nearly\n ASK\nASK'))
    }
  })

  test('is answered when the question is the first that is printed', async () => {
    const { send, onStdout, input } = follow(askingScript('ASK', () => '!'))
    send()
    feed(onStdout, 'ASK', 1)
    assert.match(await textIn(input), /!$/)
  })

  test('keeps its input open until it has asked', async () => {
    const { send, onStdout, input } = follow(askingScript('ASK', () => '!'))
    send()
    feed(onStdout, 'not ASK', 1)
    assert.not(input.writableEnded)
  })

  test('is sent nothing when its time is over before there is a shell', async () => {
    const { send, input, answer } = follow(scriptOf('text', { deadlineMs: 1 }))
    assertError(await answer, 'Unreachable', '0.001 s')
    send()
    assert.is(await textIn(input), '')
  })

  test('is judged by its end where nothing can be written to it any more', async () => {
    const { send, input, ended, answer } = follow(scriptOf('text'))
    input.end()
    send()
    ended(7)
    assert.is(rightOf(await answer).code, 7)
  })

  test('is late when its time is over after it was sent, and given up once', async () => {
    const following = follow(scriptOf('text', { deadlineMs: 1 }))
    following.send()
    assertError(await following.answer, 'Late', '0.001 s')
    following.lose('again')
    following.ended(0)
    assert.is(following.timesAbandoned(), 1)
  })

  test('is not given up when it has ended', async () => {
    const { send, ended, lose, answer, timesAbandoned } = follow(scriptOf('text'))
    send()
    ended(0)
    lose('too late')
    assert.is(rightOf(await answer).code, 0)
    assert.is(timesAbandoned(), 0)
  })
})

const follow = (script: Script) => {
  let abandoned = 0
  const input = new PassThrough()
  const following = followScript(script, input, () => {
    abandoned += 1
  })
  return { ...following, input, timesAbandoned: () => abandoned }
}

const feed = (onStdout: (chunk: Buffer) => void, text: string, size: number) => {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) onStdout(bytes.subarray(at, at + size))
}

const textIn = async (input: PassThrough): Promise<string> => Buffer.concat(await input.toArray()).toString()
