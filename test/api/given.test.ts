import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as assert from 'uvu/assert'
import {
  type Clock,
  type Journal,
  type JournalEntry,
  observe,
  plan,
  run,
  Secret,
  status,
  type Transport,
} from '../../lib/index.js'
import { describe } from '../helpers/test.js'
import { type Shop, withShop } from './shop.js'

/** As people write one: a class, whose methods need their `this`. */
class OwnJournal implements Journal {
  readonly runId = 'mine'
  readonly entries: JournalEntry[] = []

  async append(entry: JournalEntry): ReturnType<Journal['append']> {
    this.entries.push(entry)
    return E.right(undefined)
  }

  async close(): Promise<void> {}
}

const becomePassword = new Secret('opened')

const withSecrets = ({ inventory, catalogs }: Shop): void => {
  writeFileSync(inventory, 'all: { hosts: { db1: { ansible_password: hunter22 }, web1: {} } }\n')
  writeFileSync(
    catalogs,
    'services: { db: { hosts: db1, start: /bin/db --pass hunter22 opened, processes: { db: { args: [/srv/db] } } }, ' +
      'web: { hosts: web1, start: /bin/web, processes: { web: { args: [/srv/web] } } } }',
  )
}

describe('what is given to the library', test => {
  test('is told no secret: a journal', () =>
    withShop(async shop => {
      withSecrets(shop)
      const journal = new OwnJournal()
      await run(shop, { ...shop.options, journal, access: { becomePassword } }).result
      const told = JSON.stringify(journal.entries)
      assert.match(told, '/bin/db --pass *** ***')
      assert.not.match(told, /hunter22|opened/)
    }))

  test('tells no secret: why a host is out of reach', () =>
    withShop(async shop => {
      withSecrets(shop)
      const transport: Transport = {
        connect: () => async () => E.left({ _tag: 'LoginRefused', why: 'hunter22 and opened are wrong' }),
      }
      const options = { ...shop.options, transport, access: { becomePassword } }
      const looks = await observe(shop, options)
      const { catalogs, inventory } = shop
      const rows = await status({ catalogs, inventory }, options)
      assert.equal(
        [...looks, ...rows].map(({ unreachable }) => unreachable),
        Array(4).fill('*** and *** are wrong'),
      )
    }))

  test('is told no part of a secret: whoever sees a process whose arguments are cut short', () =>
    withShop(async shop => {
      const secret = 'hunter22-hunter23-hunter24'
      shop.hosts.get('db1')?.spawn(['nginx', 'p'.repeat(40), secret], { listens: [5432] })
      const options = { ...shop.options, access: { becomePassword: new Secret(secret) } }
      const told = JSON.stringify(await plan(shop, options))
      assert.match(told, `nginx ${'p'.repeat(40)}…`)
      assert.not.match(told, 'hunter')
    }))

  test('may fail by throwing: nothing is begun that a journal did not take', () =>
    withShop(async shop => {
      const journal = new OwnJournal()
      let calls = 0
      const failing: Journal = {
        runId: 'failing',
        append: entry => {
          calls += 1
          if (calls === 2) throw new Error('the database is gone')
          return journal.append(entry)
        },
        close: () => journal.close(),
      }
      assert.is((await run(shop, { ...shop.options, journal: failing }).result).exitCode, 2)
      assert.equal([journal.entries.map(({ _tag }) => _tag), calls], [['PlanMade'], 2])
      assert.not.ok(shop.hosts.get('db1')?.ran.includes('/etc/init.d/db start'))
    }))

  test('hears nothing more of a run that has ended: a journal', () =>
    withShop(async shop => {
      const journal = new OwnJournal()
      const running = run(shop, { ...shop.options, journal })
      await running.result
      running.stop()
      assert.is(journal.entries.at(-1)?._tag, 'RunClosed')
    }))

  test('tells the time: a clock, also to the journal on disk', () =>
    withShop(async shop => {
      class OwnClock implements Clock {
        #now = 5_000_000
        now(): number {
          this.#now += 1
          return this.#now
        }
        async sleep(ms: number): Promise<void> {
          this.#now += ms
        }
      }
      const { journal: _, ...options } = shop.options
      const before = process.env['XDG_STATE_HOME']
      process.env['XDG_STATE_HOME'] = join(shop.folder, 'state')
      try {
        assert.is((await run(shop, { ...options, clock: new OwnClock() }).result).exitCode, 0)
      } finally {
        if (before === undefined) delete process.env['XDG_STATE_HOME']
        else process.env['XDG_STATE_HOME'] = before
      }
      const runs = join(shop.folder, 'state/steward/runs')
      const [file = ''] = readdirSync(runs)
      assert.match(file, /^19700101T01/)
      assert.match(readFileSync(join(runs, file), 'utf8'), /"atMs":5\d{6}/)
    }))
})
