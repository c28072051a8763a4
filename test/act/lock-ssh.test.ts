import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { Connection } from '../../lib/remote/transport.js'
import { describe } from '../helpers/test.js'
import { rightOf } from '../observe/either.js'
import type { Run } from '../observe/shells.js'
import { withoutSshd, withSshd } from '../remote/sshd.js'
import { tagOf } from './locks.js'

describe('the lock of a host, over SSH', test => {
  const passes = withSshd([], async ({ connect, home }) => {
    const [theirs, ours] = [rightOf(await connect()), rightOf(await connect())]
    assert.is(await tagOf(over(theirs, home), 'theirs'), 'Taken')
    assert.is(await tagOf(over(ours, home), 'ours'), 'Held')
    assert.is(await tagOf(over(theirs, home), 'theirs'), 'Renewed')
    await theirs.close()
    let tag = await tagOf(over(ours, home), 'ours')
    for (; tag === 'Held'; tag = await tagOf(over(ours, home), 'ours')) await delay(20)
    assert.is(tag, 'TakenOver')
  })
  test('is held for as long as the connection of its run is there', passes, { skip: withoutSshd })

  const returns = withSshd([], async ({ connect, home }) => {
    const first = rightOf(await connect())
    assert.is(await tagOf(over(first, home), 'ours'), 'Taken')
    await first.close()
    assert.is(await tagOf(over(rightOf(await connect()), home), 'ours'), 'Renewed')
  })
  test('is renewed by its run over another connection', returns, { skip: withoutSshd })
})

/** The login's own home is not for tests. */
const over =
  (connection: Connection, home: string): Run =>
  async script =>
    rightOf(await connection.run({ ...script, text: script.text.replace('{', `{ HOME=${home}`) })())
