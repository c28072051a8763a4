import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import type { Connection } from '../../lib/remote/transport.js'
import { describe } from '../helpers/test.js'
import { rightOf } from '../observe/either.js'
import type { Run } from '../observe/shells.js'
import { withoutSshd, withSshd } from '../remote/sshd.js'
import { tagOf } from './locks.js'

describe('the lock of a host, over SSH', test => {
  const ownHome = (folder: string) => [`SetEnv HOME=${folder}/home`]

  const passes = withSshd(ownHome, async ({ connect }) => {
    const [theirs, ours] = [rightOf(await connect()), rightOf(await connect())]
    assert.is(await tagOf(over(theirs), 'theirs'), 'Taken')
    assert.is(await tagOf(over(ours), 'ours'), 'Held')
    assert.is(await tagOf(over(theirs), 'theirs'), 'Renewed')
    await theirs.close()
    let tag = await tagOf(over(ours), 'ours')
    for (; tag === 'Held'; tag = await tagOf(over(ours), 'ours')) await delay(20)
    assert.is(tag, 'TakenOver')
  })
  test('is held for as long as the connection of its run is there', passes, { skip: withoutSshd })

  const returns = withSshd(ownHome, async ({ connect }) => {
    const first = rightOf(await connect())
    assert.is(await tagOf(over(first), 'ours'), 'Taken')
    await first.close()
    assert.is(await tagOf(over(rightOf(await connect())), 'ours'), 'Renewed')
  })
  test('is renewed by its run over another connection', returns, { skip: withoutSshd })
})

const over =
  (connection: Connection): Run =>
  async script =>
    rightOf(await connection.run(script)())
