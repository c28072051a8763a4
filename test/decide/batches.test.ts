import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { batchesOf, sizeOf } from '../../lib/decide/batches.js'
import { whySpent } from '../../lib/decide/budget.js'
import type { HostName } from '../../lib/model/names.js'
import { atOnce, type Budget, type Share } from '../../lib/model/rollout.js'
import { describe } from '../helpers/test.js'

const hostsOf = (count: number) => Array.from({ length: count }, (_, i) => `h${i}` as HostName)
const count = (n: number): Share => ({ _tag: 'Count', count: n })
const percent = (n: number): Share => ({ _tag: 'Percent', percent: n })
const sizes = (hosts: number, serial: readonly Share[], canary: Share | null = null) =>
  batchesOf(hostsOf(hosts), {
    serial,
    canary: canary === null ? null : { size: canary, stableMs: 0, ask: false },
  }).map(batch => batch.hosts.length)

describe('batches', test => {
  test('are of the sizes given, the last of them again and again', () => {
    assert.equal(sizes(10, [count(1), count(5)]), [1, 5, 4])
    assert.equal(sizes(10, [count(3)]), [3, 3, 3, 1])
    assert.equal(sizes(10, [percent(30)]), [3, 3, 3, 1])
    assert.equal(sizes(3, []), [3])
    assert.equal(sizes(5, [count(2), count(0)]), [2, 3])
    assert.equal(sizes(0, [count(2)]), [])
  })

  test('have the canary before them, and are one batch where only that is given', () => {
    assert.equal(sizes(10, [count(4)], count(1)), [1, 4, 4, 1])
    assert.equal(sizes(10, [], percent(10)), [1, 9])
    assert.equal(sizes(1, [], count(1)), [1])
  })

  test('of a percentage are what whole numbers come to, rounded down, and never nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100_000 }), (part, all) => {
        const size = sizeOf(percent(part), all)
        assert.ok(size >= 1)
        // No more than that part, and one more would be more: by whole numbers, which have no rounding of their own.
        if (size > 1) assert.ok(BigInt(size) * 100n <= BigInt(part) * BigInt(all))
        assert.ok(BigInt(size + 1) * 100n > BigInt(part) * BigInt(all))
      }),
    )
    // Where floating point has 28.
    assert.is(sizeOf(percent(29), 100), 29)
  })

  test('hold each host once, in the order given, whatever the sizes', () => {
    const shares = fc.oneof(fc.nat(20).map(count), fc.integer({ min: 1, max: 100 }).map(percent))
    fc.assert(
      fc.property(fc.nat(200), fc.array(shares, { maxLength: 4 }), fc.option(shares), (all, serial, first) => {
        const canary = first === null ? null : { size: first, stableMs: 0, ask: false }
        const batches = batchesOf(hostsOf(all), { serial, canary })
        assert.equal(
          batches.flatMap(({ hosts }) => hosts),
          hostsOf(all),
        )
        assert.ok(
          batches.every(({ hosts, number, of }, i) => hosts.length > 0 && number === i + 1 && of === batches.length),
        )
      }),
    )
  })
})

describe('a budget of failures', test => {
  const budget = (parts: Partial<Budget>): Budget => ({ ...atOnce.budget, ...parts })
  const tally = (hosts: number, failed: number, unreachable = 0) => ({
    hosts,
    failed: new Set(hostsOf(failed)),
    unreachable: new Set(Array.from({ length: unreachable }, (_, i) => `u${i}` as HostName)),
  })

  test('is spent when the percentage is exceeded, not when it is met', () => {
    const half = budget({ maxFailPercentage: 50 })
    assert.is(whySpent(half, tally(4, 2), tally(100, 2)), null)
    assert.match(whySpent(half, tally(4, 3), tally(100, 3)) ?? '', /3 of 4 hosts of the batch failed.*more than 50%/)
    assert.is(whySpent(budget({ maxFailPercentage: 0 }), tally(4, 0), tally(4, 0)), null)
    assert.match(whySpent(budget({ maxFailPercentage: 0 }), tally(4, 1), tally(4, 1)) ?? '', /1 of 4/)
  })

  test('counts over the whole rollout where it is told to', () => {
    const tenth = budget({ maxFailPercentage: 10, over: 'rollout' })
    assert.is(whySpent(tenth, tally(2, 2), tally(20, 2)), null)
    assert.match(whySpent(tenth, tally(2, 1), tally(20, 3)) ?? '', /3 of 20 hosts of the rollout/)
  })

  test('counts hosts out of reach or leaves them out, as it says', () => {
    const most = { maxFailPercentage: 25 }
    assert.match(whySpent(budget(most), tally(4, 1, 1), tally(4, 1, 1)) ?? '', /2 of 4/)
    assert.is(whySpent(budget({ ...most, unreachable: 'ignore' }), tally(4, 1, 1), tally(4, 1, 1)), null)
  })

  test('is spent by the exact share, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), fc.nat(100), (hosts, lost, most) => {
        const failed = Math.min(lost, hosts)
        const spent = whySpent(budget({ maxFailPercentage: most }), tally(hosts, failed), tally(hosts, failed)) !== null
        assert.is(spent, BigInt(failed) * 100n > BigInt(most) * BigInt(hosts))
      }),
    )
  })

  test('is spent by the first failure where any is fatal', () => {
    const fatal = budget({ anyErrorsFatal: true, maxFailPercentage: 90 })
    assert.match(whySpent(fatal, tally(100, 1), tally(100, 1)) ?? '', /h0 failed, and any_errors_fatal/)
    assert.match(whySpent(fatal, tally(100, 0, 1), tally(100, 0, 1)) ?? '', /u0 is out of reach, and any_errors_fatal/)
    const reached = budget({ anyErrorsFatal: true, unreachable: 'ignore' })
    assert.is(whySpent(reached, tally(100, 0, 1), tally(100, 0, 1)), null)
    assert.match(whySpent(reached, tally(100, 1, 1), tally(100, 1, 1)) ?? '', /h0 failed/)
  })
})
