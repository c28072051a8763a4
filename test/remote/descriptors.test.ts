import { isLeft } from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { descriptorsFrom } from '../../lib/remote/descriptors.js'
import { describe } from '../helpers/test.js'
import { assertError, rightOf } from './scripts.js'

describe('file descriptors', test => {
  test('are waited for in line, and taken again when they are given back', async () => {
    const { take } = descriptorsOf(26)
    const first = rightOf(await take(8, 1000)())
    const order: string[] = []
    const taken = async (name: string, count: number) => {
      const giveBack = rightOf(await take(count, 10_000)())
      order.push(name)
      return giveBack
    }
    const big = taken('big', 10)
    const small = taken('small', 2)
    first()
    first()
    const giveBack = await big
    giveBack()
    await small
    assert.equal(order, ['big', 'small'])
  })

  test('are given back in parts, and never more than were taken', async () => {
    const { take } = descriptorsOf(26)
    const first = rightOf(await take(8, 1000)())
    first(5)
    first(99)
    first()
    rightOf(await take(10, 1000)())
    assert.ok(isLeft(await take(1, 10)()))
  })

  test('that nobody gives back are said to be too few, and do not hold the next one up', async () => {
    const { take } = descriptorsOf(26)
    const [tooBig, next] = await Promise.all([take(11, 50)(), take(10, 10_000)()])
    assertError(tooBig, 'Unreachable', 'no more than 99 files', 'ulimit -n')
    rightOf(next)
  })

  test('are not counted where nobody knows how many there are', async () => {
    const { take } = descriptorsOf(Number.POSITIVE_INFINITY)
    for (let i = 0; i < 100; i += 1) rightOf(await take(1000, 10)())
  })
})

/** Of those left, 16 are kept for what is not counted. */
const descriptorsOf = (left: number) => descriptorsFrom(async () => ({ limit: 99, left }))
