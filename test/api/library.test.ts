import { writeFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import {
  apply,
  type Clock,
  InputError,
  type Journal,
  type JournalEntry,
  loadCatalog,
  loadInventory,
  loadPlaybook,
  observe,
  plan,
  type RunEvent,
  run,
  Secret,
  shellTransport,
  status,
  type Transport,
} from '../../lib/index.js'
import { describe } from '../helpers/test.js'
import { withShop } from './shop.js'

const tagsOf = (events: readonly RunEvent[]): readonly string[] => events.map(({ _tag }) => _tag)

const eventsOf = async (events: AsyncIterable<RunEvent>): Promise<readonly RunEvent[]> => {
  const seen: RunEvent[] = []
  for await (const event of events) seen.push(event)
  return seen
}

const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.unreachable('it was expected to reject'),
    error => error,
  )

describe('the library', test => {
  test('looks at all hosts at once where forks says no number of them, and at none where it says none', () =>
    withShop(async shop => {
      const looks = await observe(shop, { ...shop.options, forks: Number.POSITIVE_INFINITY })
      assert.equal(
        looks.map(({ unreachable }) => unreachable),
        [null, null],
      )
      assert.match(String(await rejection(observe(shop, { ...shop.options, forks: 0 }))), 'forks is 0')
    }))

  test('reads, looks, plans, does and looks again', () =>
    withShop(async shop => {
      const playbook = await loadPlaybook(shop.playbook)
      const inventory = await loadInventory(shop.inventory)
      assert.equal([playbook.plays, inventory.hosts], [['Open the shop'], ['db1', 'web1']])
      const input = { playbook, inventory }
      const looks = await observe(input, shop.options)
      assert.equal(
        looks.map(({ host, unreachable }) => [host, unreachable]),
        [
          ['db1', null],
          ['web1', null],
        ],
      )
      const planned = await plan(input, { ...shop.options, looks })
      assert.equal(
        planned.plays[0]?.steps.map(({ id, action }) => `${action._tag} ${id}`),
        ['Start db@db1', 'Start web@web1'],
      )
      const { exitCode, recap } = await apply(JSON.parse(JSON.stringify(planned)), input, shop.options).result
      assert.is(exitCode, 0)
      assert.is(recap.get('web1')?.changed, 1)
      const rows = await status({ catalogs: await loadCatalog(shop.catalogs), inventory }, shop.options)
      assert.equal(
        rows.map(({ service, verdict }) => `${service} ${verdict?._tag}`),
        ['db running', 'web running'],
      )
    }))

  test('applies nothing where a host has moved since the plan', () =>
    withShop(async shop => {
      const pid = shop.hosts.get('db1')?.spawn(['/srv/db'], { listens: [5432] }) ?? 0
      const planned = await plan(shop, shop.options)
      shop.hosts.get('db1')?.processes.delete(pid)
      assert.is((await apply(planned, shop, shop.options).result).exitCode, 2)
      assert.not(shop.hosts.get('db1')?.ran.includes('/etc/init.d/db start'))
      assert.is((await run(shop, shop.options).result).exitCode, 0)
    }))

  test('gives the events of a run to each reader, from the first one on', () =>
    withShop(async shop => {
      const running = run(shop, shop.options)
      const early = await eventsOf(running)
      assert.equal(tagsOf(early).slice(0, 2), ['RunStarted', 'HostObserved'])
      assert.is(early.at(-1)?._tag, 'RunEnded')
      const steps = new Map(early.flatMap(event => ('id' in event ? [[event.id, event] as const] : [])))
      assert.is(steps.get(['db', 'db1'].join('@'))?._tag, 'StepSucceeded')
      assert.equal(await eventsOf(running), early)
      const again = await run(shop, shop.options).result
      assert.equal([again.exitCode, again.recap.get('db1')?.changed], [0, 0])
    }))

  test('rejects with all mistakes of all files, each with its place', () =>
    withShop(async shop => {
      writeFileSync(shop.playbook, '- hosts: all\n  catalog: catalog.yml\n  services: { dbb: running }\n')
      writeFileSync(shop.inventory, 'all: { hostss: {} }\n')
      const error = await rejection(plan(shop, shop.options))
      assert.instance(error, InputError)
      const { problems, message } = error as InputError
      assert.equal(
        problems.map(({ kind, at, suggestion }) => [kind, at?.line, at?.column, suggestion]),
        [
          ['UnknownKey', 1, 8, 'hosts'],
          ['UnknownService', 3, 15, 'db'],
        ],
      )
      assert.match(message, `${shop.inventory}:1:8: unknown key "hostss"`)
      const running = run(shop, shop.options)
      assert.instance(await rejection(eventsOf(running)), InputError)
      assert.instance(await rejection(running.result), InputError)
    }))

  test('takes what is said beside the files, and says what is wrong with it in words of its own', () =>
    withShop(async shop => {
      const wordsOf = async (more: object): Promise<string> =>
        ((await rejection(plan({ ...shop, ...more }, shop.options))) as InputError).message
      assert.is(await wordsOf({ limit: 'db9' }), 'no host or group is called "db9"; did you mean "db1"?')
      assert.is(await wordsOf({ limit: 'db1:!db1' }), `the limit db1:!db1 leaves no host of ${shop.inventory}`)
      assert.match(await wordsOf({ extraVars: { n: 1n } }), 'extraVars hold what JSON cannot: ')
    }))

  test('tells of the services of catalogs also where a playbook stands beside them', () =>
    withShop(async shop => {
      const rows = await status(shop, shop.options)
      assert.equal(
        rows.map(({ verdict }) => verdict?._tag),
        ['stopped', 'stopped'],
      )
    }))

  test('does two runs at once in one process, each by itself', () =>
    withShop(one =>
      withShop(async other => {
        other.hosts.get('web1')?.spawn(['/srv/web'], { listens: [8080] })
        const [first, second] = await Promise.all([run(one, one.options), run(other, other.options)].map(eventsOf))
        const started = (events: readonly RunEvent[] = []) =>
          events.flatMap(event => (event._tag === 'StepSucceeded' && event.changed ? [event.id] : []))
        assert.equal([started(first), started(second)], [['db@db1', 'web@web1'], ['db@db1']])
      }),
    ))

  test('brings what is under way to its end, and begins nothing more, once it is left by break', () =>
    withShop(async shop => {
      const running = run(shop, shop.options)
      for await (const event of running) if (event._tag === 'StepStarted') break
      assert.ok(shop.hosts.get('db1')?.ran.includes('/etc/init.d/db start'))
      assert.not(shop.hosts.get('web1')?.ran.includes('/etc/init.d/web start'))
      assert.is((await running.result).exitCode, 99)
    }))

  test('does the same for a signal, and begins nothing for one that was aborted before', () =>
    withShop(async shop => {
      const ending = new AbortController()
      const running = run(shop, { ...shop.options, signal: ending.signal })
      for await (const event of running) if (event._tag === 'StepStarted') ending.abort()
      assert.is((await running.result).exitCode, 99)
      assert.not(shop.hosts.get('web1')?.ran.includes('/etc/init.d/web start'))
      const late = run(shop, { ...shop.options, signal: ending.signal })
      assert.is(((await rejection(late.result)) as Error).name, 'AbortError')
    }))

  test('gives up a look with its signal, and closes its connections', () =>
    withShop(async shop => {
      const ending = new AbortController()
      let closed = 0
      const silent: Transport = {
        connect: () => async () => {
          let lose = () => {}
          const lost = new Promise<void>(resolve => {
            lose = resolve
          })
          return E.right({
            run: () => async () => {
              ending.abort(new Error('no more'))
              await lost
              return E.left({ _tag: 'Lost', why: 'it was closed' } as const)
            },
            close: async () => {
              closed += 1
              lose()
            },
          })
        },
      }
      const error = await rejection(observe(shop, { ...shop.options, transport: silent, signal: ending.signal }))
      assert.is((error as Error).message, 'no more')
      assert.ok(closed >= 2)
    }))

  test('goes over a transport, by a clock and into a journal that it is given', () =>
    withShop(async shop => {
      const connected: string[] = []
      const entries: JournalEntry[] = []
      const { transport: inner, clock: innerClock } = shop.options
      const transport: Transport = {
        connect: (host, route) => {
          connected.push(host)
          if (inner === undefined) throw new Error('a simulation has a transport')
          return inner.connect(host, route)
        },
      }
      const clock: Clock = {
        now: () => innerClock?.now() ?? 0,
        sleep: ms => innerClock?.sleep(ms) ?? Promise.resolve(),
      }
      const journal: Journal = {
        runId: 'mine',
        append: async entry => {
          entries.push(entry)
          return E.right(undefined)
        },
        close: async () => assert.unreachable('it is not its own to close'),
      }
      const running = run(shop, { ...shop.options, transport, clock, journal })
      const events = await eventsOf(running)
      assert.is((await running.result).runId, 'mine')
      assert.equal([...new Set(connected)].sort(), ['db1', 'web1'])
      assert.ok(events.every(({ atMs }) => atMs >= 1_000_000 && atMs < 10_000_000))
      assert.ok(entries.some(entry => entry._tag === 'Intended' && entry.id === 'web@web1'))
      assert.is(entries.at(-1)?._tag, 'RunClosed')
    }))

  test('shows the plan to whoever has to agree, and does nothing without', () =>
    withShop(async shop => {
      let asked = 0
      const agree = () => {
        asked += 1
        return false
      }
      assert.is((await run(shop, { ...shop.options, agree }).result).exitCode, 99)
      assert.is(asked, 1)
      assert.not(shop.hosts.get('db1')?.ran.includes('/etc/init.d/db start'))
    }))

  test('tells no event of a secret', () =>
    withShop(async shop => {
      writeFileSync(shop.inventory, 'all: { hosts: { db1: { ansible_password: hunter22 }, web1: {} } }\n')
      writeFileSync(
        shop.catalogs,
        'services: { db: { hosts: db1, start: /bin/db --pass hunter22 opened, processes: { db: { args: [/srv/db] } } }, ' +
          'web: { hosts: web1, start: /bin/web, processes: { web: { args: [/srv/web] } } } }',
      )
      const access = { becomePassword: new Secret('opened') }
      const told = JSON.stringify(await eventsOf(run(shop, { ...shop.options, access })))
      assert.match(told, '/bin/db --pass')
      assert.not.match(told, /hunter22|opened/)
      assert.not.match(JSON.stringify(await plan(shop, { ...shop.options, access })), /hunter22|opened/)
    }))

  test('reaches hosts through any program that gives a shell', () =>
    withShop(async shop => {
      const transport = shellTransport(host =>
        host === 'db1' ? ['/usr/bin/env', '-i', '/bin/sh'] : ['/no/such/program'],
      )
      const [db, web] = await observe(shop, { transport })
      assert.ok((db?.observation?.processes._tag === 'Seen' ? db.observation.processes.value.length : 0) > 0)
      assert.match(web?.unreachable ?? '', '/no/such/program could not be started')
    }))

  test('writes nothing to the terminal', () =>
    withShop(async shop => {
      const said: unknown[] = []
      const { stdout, stderr } = process
      const before = [stdout.write, stderr.write] as const
      stdout.write = stderr.write = ((text: unknown) => said.push(text) > 0) as typeof stdout.write
      try {
        await plan(shop, shop.options)
        await run(shop, shop.options).result
        await status(shop, shop.options)
        writeFileSync(shop.playbook, 'nonsense\n')
        await rejection(loadPlaybook(shop.playbook))
      } finally {
        ;[stdout.write, stderr.write] = before
      }
      assert.equal(said, [])
    }))
})
