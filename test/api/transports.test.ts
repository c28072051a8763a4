import { readFileSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import { type Connection, observe, type RunEvent, run, type Script, type Transport } from '../../lib/index.js'
import { describe } from '../helpers/test.js'
import { type Shop, withShop } from './shop.js'

/** As people write one: classes, whose methods need their `this`. `open` counts its connections. */
class OwnTransport implements Transport {
  readonly #inner: Transport
  open = 0

  constructor({ options }: Shop) {
    if (options.transport === undefined) throw new Error('a simulation has a transport')
    this.#inner = options.transport
  }

  connect(...[host, route]: Parameters<Transport['connect']>): ReturnType<Transport['connect']> {
    return async () => {
      const connected = await this.#inner.connect(host, route)()
      if (E.isLeft(connected)) return connected
      this.open += 1
      return E.right(new OwnConnection(connected.right, this))
    }
  }
}

class OwnConnection implements Connection {
  readonly #inner: Connection
  readonly #transport: OwnTransport

  constructor(inner: Connection, transport: OwnTransport) {
    this.#inner = inner
    this.#transport = transport
  }

  run(script: Script): ReturnType<Connection['run']> {
    return this.#inner.run(script)
  }

  async close(): Promise<void> {
    this.#transport.open -= 1
    await this.#inner.close()
  }
}

const boom = (): never => {
  throw new Error('boom')
}
const boomLater = async (): Promise<never> => boom()

/** Ways to fail that are no results, each of one host alone. */
const broken: Readonly<Record<string, (connection: Connection) => Partial<Connection> | null>> = {
  'connecting throws': () => null,
  'a script throws': () => ({ run: boom }),
  'a script rejects': () => ({ run: () => boomLater }),
}

const breaking = (transport: Transport, host: string, how: (connection: Connection) => Partial<Connection> | null) => ({
  connect: (...[name, route]: Parameters<Transport['connect']>): ReturnType<Transport['connect']> =>
    name !== host
      ? transport.connect(name, route)
      : async () =>
          E.map((connection: Connection): Connection => {
            const change = how(connection) ?? boom()
            return { run: script => connection.run(script), close: () => connection.close(), ...change }
          })(await transport.connect(name, route)()),
})

const eventsOf = async (events: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> => {
  const seen: RunEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

describe("a transport of one's own", test => {
  test('may be made of classes, and every connection of it is closed', () =>
    withShop(async shop => {
      writeFileSync(
        shop.catalogs,
        readFileSync(shop.catalogs, 'utf8').replace(
          'hosts: db1,',
          'hosts: db1, after: { start: { command: told, on: controller } },',
        ),
      )
      const [transport, controller] = [new OwnTransport(shop), new OwnTransport(shop)]
      shop.hosts.get('controller')?.commands.set('told', () => {})
      assert.is((await run(shop, { ...shop.options, transport, controller }).result).exitCode, 0)
      assert.ok(shop.hosts.get('controller')?.ran.includes('told'))
      assert.equal([transport.open, controller.open], [0, 0])
    }))

  for (const [what, how] of Object.entries(broken))
    test(`fails for the host alone where ${what}`, () =>
      withShop(async shop => {
        const transport = breaking(new OwnTransport(shop), 'web1', how)
        const looks = await observe(shop, { ...shop.options, transport })
        assert.equal(
          looks.map(({ unreachable }) => unreachable),
          [null, 'boom'],
        )
        const running = run(shop, { ...shop.options, transport })
        const events = await eventsOf(running)
        assert.equal(
          events.flatMap(event => ('id' in event && /Succ|Unre/.test(event._tag) ? [`${event._tag} ${event.id}`] : [])),
          ['StepUnreachable web@web1', 'StepSucceeded db@db1'],
        )
        assert.is((await running.result).exitCode, 4)
      }))

  test('may fail to close', () =>
    withShop(async shop => {
      const transport = breaking(new OwnTransport(shop), 'web1', () => ({ close: boomLater }))
      assert.is((await run(shop, { ...shop.options, transport }).result).exitCode, 0)
    }))
})
