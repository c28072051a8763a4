import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { HostName } from '../../lib/model/names.js'
import { HostSlots } from '../../lib/run/host-slots.js'
import { describe } from '../helpers/test.js'

describe('the slots of hosts', test => {
  test('are never taken by more hosts at once than there are, and every piece of work is done', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(6), { maxLength: 30 }), async (forks, hosts) => {
        const slots = new HostSlots(forks)
        const atWork = new Map<number, number>()
        let most = 0
        const work = async (host: number): Promise<void> => {
          atWork.set(host, (atWork.get(host) ?? 0) + 1)
          most = Math.max(most, [...atWork.values()].filter(count => count > 0).length)
          await new Promise(resolve => setImmediate(resolve))
          atWork.set(host, (atWork.get(host) ?? 0) - 1)
        }
        await Promise.all(hosts.map(host => slots.use(`h${host}` as HostName, () => work(host))))
        assert.ok(most <= forks, `${most} hosts at once, with ${forks} slots`)
        assert.ok([...atWork.values()].every(count => count === 0))
      }),
      { numRuns: 50 },
    ))

  test('are given back when the work fails', async () => {
    const slots = new HostSlots(1)
    await slots.use('h1' as HostName, () => Promise.reject(new Error('no'))).catch(() => {})
    assert.is(await slots.use('h2' as HostName, async () => 'done'), 'done')
  })
})
