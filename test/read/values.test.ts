import * as assert from 'uvu/assert'
import { type Codec, decode } from '../../lib/read/codec.js'
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

describe('an escalation', test => {
  test('is a signal or a pause', () => {
    assert.equal(read(escalation, 'TERM'), { _tag: 'Signal', name: 'TERM' })
    assert.equal(read(escalation, '10s'), { _tag: 'Pause', ms: 10_000 })
  })

  test('is none of what a signal is not called here', () => {
    for (const written of ['SIGTERM', 'term', '9', 'STOP', '~', '[KILL]']) {
      assert.match(complaint(escalation, written), 'expected TERM, INT, HUP, QUIT, KILL or a time', written)
    }
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
