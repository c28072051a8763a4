import * as assert from 'uvu/assert'
import { type Codec, decode, text } from '../../lib/read/codec.js'
import type { ScalarNode } from '../../lib/read/node.js'
import { duration, escalation, listenAddress } from '../../lib/read/values.js'
import { parseYaml } from '../../lib/read/yaml.js'
import { describe } from '../helpers/test.js'
import { complaints, right } from '../helpers/written.js'

describe('a time', test => {
  test('is in milliseconds', () => {
    const values = ['500ms', '90s', '2m', '1h', '0s'].map(written => read(duration, written))
    assert.equal(values, [500, 90_000, 120_000, 3_600_000, 0])
  })

  test('has a unit, no sign, no fraction and no spaces', () => {
    for (const written of ['90', '-1s', '1.5s', '1 s', '1d', 's', '90S', '99999999999s', '[90s]', '~']) {
      assert.match(complaint(duration, written), 'expected a time such as 500ms, 90s, 2m or 1h', written)
    }
  })
})

describe('a wrong value', test => {
  const form = 'f:1:1: expected a time such as 500ms, 90s, 2m or 1h, found'

  test('is quoted, with what was most likely meant', () => {
    assert.is(complaint(duration, '10'), `${form} 10; did you mean 10s?`)
    assert.is(complaint(duration, 'soon'), `${form} text "soon"`)
    assert.is(complaint(duration, 'true'), `${form} true`)
  })

  test('is not where it may be a secret: from an encrypted file, encrypted, long, or no single value', () => {
    const hidden = { ...(node('hunter2') as ScalarNode), secret: true } as const
    for (const codec of [duration, escalation, listenAddress])
      assert.not.match(complaints(decode<unknown>(codec, hidden))[0] ?? 'none', 'hunter2')
    assert.is(complaint(duration, 'x'.repeat(41)), `${form} text`)
    assert.match(complaint(duration, '!vault abc'), 'found an encrypted value, which only a variable can be')
    assert.is(complaint(duration, '[1]'), `${form} a list`)
    assert.is(complaint(text, '4711'), 'f:1:1: expected text, found a number')
  })
})

describe('an escalation', test => {
  test('is a signal or a pause', () => {
    assert.equal(read(escalation, 'TERM'), { _tag: 'Signal', name: 'TERM' })
    assert.equal(read(escalation, '10s'), { _tag: 'Pause', ms: 10_000 })
  })

  test('is none of what a signal is not called here', () => {
    for (const written of ['9', '1x', '~', '[KILL]']) {
      assert.match(complaint(escalation, written), 'expected TERM, INT, HUP, QUIT, KILL or a time', written)
    }
    for (const written of ['SIGTERM', 'term', 'STOP']) {
      assert.match(complaint(escalation, written), `unknown signal "${written}"`, written)
    }
    assert.match(complaint(escalation, 'KIL'), 'unknown signal "KIL"; did you mean "KILL"?')
  })
})

describe('where a process listens', test => {
  test('is a port, or an address and a port', () => {
    for (const written of ['2013', '127.0.0.1:80', '"[::1]:80"', '"{{ port }}"', '"127.0.0.1:{{ port }}"', '65535']) {
      assert.is(right(decode(listenAddress, node(written))).at.column, 1, written)
    }
  })

  test('is refused at once where no variable could make it right', () => {
    for (const written of ['0', '65536', '-1', 'http', 'localhost:80', '80/tcp', ':::80', '1e3', '~', '{a: b}', '""']) {
      assert.match(complaint(listenAddress, written), 'expected a port (1 to 65535), or address:port', written)
    }
  })

  test('says of a bad template that it is one', () => {
    assert.match(complaint(listenAddress, '"{{ a b }}"'), 'cannot stand here')
  })
})

const node = (written: string) => right(parseYaml('f', written))
const read = <A>(codec: Codec<A>, written: string): A => right(decode(codec, node(written)))
const complaint = <A>(codec: Codec<A>, written: string): string => complaints(decode(codec, node(written)))[0] ?? 'none'
