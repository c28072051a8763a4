import { getEventListeners, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { run, status, type Transport } from '../../lib/index.js'
import { describe } from '../helpers/test.js'
import { type Shop, withShop } from './shop.js'

/** Reaches no host before it is let. */
const held = ({ options }: Shop): Readonly<{ transport: Transport; letGo: () => void }> => {
  const { transport } = options
  if (transport === undefined) throw new Error('a simulation has a transport')
  let letGo = () => {}
  const gate = new Promise<void>(resolve => {
    letGo = resolve
  })
  return {
    letGo,
    transport: { connect: (host, route) => () => gate.then(() => transport.connect(host, route)()) },
  }
}

describe('a run or a look that is ended early', test => {
  test('shares its signal with any number of others: Node has no reason to warn, and no listener is left', () =>
    withShop(async shop => {
      const { signal } = new AbortController()
      const warned = Promise.race([once(process, 'warning'), delay(200, null)])
      const { catalogs, inventory } = shop
      const options = { ...shop.options, signal }
      const all = Array.from({ length: 12 }, () => [
        run(shop, options).result,
        status({ catalogs, inventory }, options),
      ])
      assert.is(getEventListeners(signal, 'abort').length, 1)
      await Promise.all(all.flat())
      assert.is(getEventListeners(signal, 'abort').length, 0)
      assert.is(await warned, null)
    }))

  test('ends all that share a signal', () =>
    withShop(async shop => {
      const ending = new AbortController()
      const { transport, letGo } = held(shop)
      const all = [1, 2, 3].map(() => run(shop, { ...shop.options, transport, signal: ending.signal }).result)
      ending.abort()
      letGo()
      assert.equal(
        (await Promise.all(all)).map(({ exitCode }) => exitCode),
        [99, 99, 99],
      )
      assert.not.ok(shop.hosts.get('db1')?.ran.includes('/etc/init.d/db start'))
    }))

  test('throws the reason of its signal to whoever reads its events, also where that is nothing', () =>
    withShop(async shop => {
      const ending = new AbortController()
      ending.abort(null)
      const reading = async (): Promise<unknown> => {
        for await (const event of run(shop, { ...shop.options, signal: ending.signal })) return event
        return 'the end'
      }
      assert.is(await reading().catch(reason => reason), null)
    }))

  test('is told at once that its reader has left, also while that waits for an event', () =>
    withShop(async shop => {
      const { transport, letGo } = held(shop)
      const running = run(shop, { ...shop.options, transport })
      const events = running[Symbol.asyncIterator]()
      await events.next()
      const waiting = events.next()
      const left = events.return?.()
      // Whoever leaves before the first event leaves too.
      const unread = run(shop, { ...shop.options, transport })
      const never = unread[Symbol.asyncIterator]().return?.()
      letGo()
      await Promise.all([waiting, left, never])
      assert.equal([(await running.result).exitCode, (await unread.result).exitCode], [99, 99])
      assert.is((await events.next()).done, true)
    }))

  test('waits for no answer of whoever is asked to agree', () =>
    withShop(async shop => {
      const ending = new AbortController()
      let asked = 0
      const agree = (): Promise<boolean> => {
        asked += 1
        ending.abort()
        return new Promise(() => {})
      }
      assert.is((await run(shop, { ...shop.options, agree, signal: ending.signal }).result).exitCode, 99)
      const stopped = run(shop, { ...shop.options, agree })
      stopped.stop()
      assert.is((await stopped.result).exitCode, 99)
      assert.is(asked, 1)
    }))
})
